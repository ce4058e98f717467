// Command control-plane is etcd, kube-apiserver and kube-controller-manager in one binary, for the cluster tests.
// One binary saves minutes of linking and hundreds of megabytes against three. Its first argument says which one it is.
//
// A component ends, and removes the folder CONTROL_PLANE_DIRECTORY, when its standard input does. The tests hold the
// other end of that pipe, so nothing outlives them, however they end.
package main

import (
	"fmt"
	"io"
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

const usage = `usage: control-plane etcd|kube-apiserver|kube-controller-manager [flags]
       control-plane pki DIRECTORY`

func main() {
	if len(os.Args) < 2 {
		fail(usage)
	}
	// Each component reads its flags from os.Args and takes the first for its own name.
	os.Args = os.Args[1:]
	switch os.Args[0] {
	case "etcd":
		go endWithStandardInput()
		etcdmain.Main(os.Args)
	case "kube-apiserver":
		go endWithStandardInput()
		os.Exit(cli.Run(apiserver.NewAPIServerCommand()))
	case "kube-controller-manager":
		go endWithStandardInput()
		os.Exit(cli.Run(controllermanager.NewControllerManagerCommand()))
	case "pki":
		if len(os.Args) != 2 {
			fail(usage)
		}
		if err := writePKI(os.Args[1]); err != nil {
			fail(err.Error())
		}
	default:
		fail(usage)
	}
}

func endWithStandardInput() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	_ = os.RemoveAll(os.Getenv("CONTROL_PLANE_DIRECTORY"))
	os.Exit(1)
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(1)
}
