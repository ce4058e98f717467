/**
 * The last words of engines that cannot start, as vLLM, SGLang, PyTorch and the Hugging Face hub write them.
 * On Dynamo they are the log of a container that ends with 1, on KubeRay the message of an application that failed.
 */
export const engineFailures = {
  'model-gated': (model: string) => [
    `requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: https://huggingface.co/${model}/resolve/main/config.json`,
    'huggingface_hub.errors.GatedRepoError: 401 Client Error. (Request ID: Root=1-69238f1c-5d1f2a6c0e7b5f4a3b2c1d0e)',
    `Access to model ${model} is restricted. You must have access to it and be authenticated to access it. Please log in.`,
  ],
  'model-not-found': (model: string) => [
    'huggingface_hub.errors.RepositoryNotFoundError: 401 Client Error. (Request ID: Root=1-69238f1c-4a3b2c1d0e5d1f2a6c0e7b5f)',
    `Repository Not Found for url: https://huggingface.co/api/models/${model}/tree/main?recursive=True. If you are trying to access a private or gated repo, make sure you are authenticated.`,
  ],
  'download-failed': (model: string) => [
    `urllib3.exceptions.MaxRetryError: HTTPSConnectionPool(host='huggingface.co', port=443): Max retries exceeded with url: /${model}/resolve/main/config.json (Caused by NameResolutionError("Failed to resolve 'huggingface.co' ([Errno -3] Temporary failure in name resolution)"))`,
    "OSError: We couldn't connect to 'https://huggingface.co' to load the files, and couldn't find them in the cached files.",
  ],
  'disk-full': () => ['OSError: [Errno 28] No space left on device'],
  'shared-memory-short': () => [
    'NCCL WARN Error while creating shared memory segment /dev/shm/nccl-PhzCYv (size 9637888)',
    'RuntimeError: NCCL error: unhandled system error (run with NCCL_DEBUG=INFO for details)',
  ],
  'nccl-failed': () => [
    'torch.distributed.DistBackendError: NCCL error in: ProcessGroupNCCL.cpp:3384, ncclUnhandledCudaError: Call to CUDA function failed.',
  ],
  'driver-too-old': () => [
    'RuntimeError: The NVIDIA driver on your system is too old (found version 12020). Please update your GPU driver.',
  ],
  'gpu-not-visible': () => ['RuntimeError: No CUDA GPUs are available'],
  'gpu-unsupported': () => [
    'torch.AcceleratorError: CUDA error: no kernel image is available for execution on the device',
  ],
  'kv-cache-too-small': () => [
    "ValueError: To serve at least one request with the models's max seq len (131072), (16.00 GiB KV cache is needed, which is larger than the available KV cache memory (6.53 GiB). Based on the available memory, the estimated maximum model length is 53472. Try increasing `gpu_memory_utilization` or decreasing `max_model_len` when initializing the engine.",
  ],
  'gpu-out-of-memory': () => [
    'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 3.50 GiB. GPU 0 has a total capacity of 22.03 GiB of which 1.12 GiB is free.',
  ],
  'code-untrusted': (model: string) => [
    `ValueError: The repository ${model} contains custom code which must be executed to correctly load the model. Please pass the argument \`trust_remote_code=True\` to allow custom code to be run.`,
  ],
  'model-unsupported': () => [
    "ValueError: Model architectures ['MambaRetroForCausalLM'] are not supported for now. Supported architectures: dict_keys(['LlamaForCausalLM', 'Qwen3ForCausalLM'])",
  ],
  'quantization-mismatch': () => [
    'ValueError: Quantization method specified in the model config (awq) does not match the quantization method specified in the `quantization` argument (fp8).',
  ],
  'tokenizer-mismatch': (model: string) => [
    `OSError: Can't load tokenizer for '${model}'. Make sure it is the correct path to a directory containing all relevant files.`,
  ],
  'parallelism-invalid': () => [
    'ValueError: Total number of attention heads (28) must be divisible by tensor parallel size (8).',
  ],
  'argument-unknown': () => ['vllm: error: unrecognized arguments: --max-model-length=8192'],
  'module-missing': () => ["ModuleNotFoundError: No module named 'flashinfer'"],
  'messaging-unreachable': () => [
    'Error: failed to connect to NATS at nats://dynamo-platform-nats.dynamo-system.svc.cluster.local:4222: Connection refused (os error 111)',
  ],
  'engine-error': () => ["KeyError: 'rotary_emb.inv_freq'"],
} as const satisfies Record<string, (model: string) => readonly string[]>;
