import type { Cause, Subject } from '../../../providers/causes.ts';
import { createSecret, editByHand, moreThan, readLogs, redeploy, restart, toolCall } from '../../../providers/fixes.ts';

/** Engines write to their logs; Ray Serve repeats it in the state of its application. */
const sorts = ['log', 'status', 'condition', 'event'] as const;
const number = (text: string | undefined): number => Number((text ?? '').replaceAll(/[,_]/g, ''));
const similarModels = ({ model }: Subject): string => toolCall('find_models', { query: model?.split('/').at(-1) });
const twice = (count: number | null): number => Math.max(1, count ?? 1) * 2;
const half = (count: number | null): number => Math.max(1, Math.floor((count ?? 2) / 2));

/** Why an engine does not start, in the words of vLLM, SGLang, TensorRT-LLM, PyTorch and the Hugging Face hub. */
export const logCauses: readonly Cause[] = [
  {
    code: 'MODEL_NOT_FOUND',
    sorts,
    pattern:
      /RepositoryNotFoundError|Repository Not Found|404 Client Error.{0,200}huggingface|is not a local folder and is not a valid model identifier|RevisionNotFoundError|Cannot find .{0,80}on the Hub/is,
    title: (_, { model }) => `Hugging Face has no model ${model ?? 'of that id'}.`,
    fix: similarModels,
  },
  {
    code: 'MODEL_GATED',
    sorts,
    pattern:
      /GatedRepoError|(?<!or )gated repo|Access to model .{1,200} is restricted|awaiting a review from the repo authors|(?:401|403) Client Error: \w+ for url: https?:\/\/huggingface|Invalid (?:user|credentials).{0,60}(?:token|header)/is,
    title: (_, { model, hfTokenSecret }) =>
      hfTokenSecret === null
        ? `${model ?? 'The model'} is gated, and no Hugging Face token was given (hfTokenSecret).`
        : `${model ?? 'The model'} is gated, and the token in Secret ${hfTokenSecret} has no access: accept its licence on Hugging Face, or use another token.`,
    fix: (about) =>
      about.hfTokenSecret === null
        ? about.managed
          ? redeploy(about, { hfTokenSecret: 'hf-token' }, restart(about))
          : createSecret(about, 'hf-token')
        : restart(about),
  },
  {
    code: 'SHARED_MEMORY_SHORT',
    sorts,
    pattern:
      /\/dev\/shm.{0,120}(?:No space|too small|full|insufficient)|(?:No space left on device|creating shared memory segment).{0,120}\/dev\/shm|Bus error|insufficient shared memory|unable to (?:open|mmap|allocate) shared memory/i,
    title: () => 'The shared memory (/dev/shm) of a container is too small for its engine.',
    fix: (about) => redeploy(about, { memory: moreThan(about.memory, 64) }),
  },
  {
    code: 'DISK_FULL',
    sorts,
    pattern: /No space left on device|Errno 28|disk quota exceeded|Not enough free disk space/i,
    title: () => "The pod's disk is full: the weights do not fit.",
    fix: (about) => editByHand(about),
  },
  {
    code: 'CUDA_DRIVER_TOO_OLD',
    sorts: [...sorts, 'container'],
    pattern:
      /driver (?:version )?(?:on your system )?is (?:too old|insufficient)|CUDA driver version is insufficient|unsatisfied condition: cuda|forward compatibility was attempted|unsupported display driver/i,
    title: () => "The node's NVIDIA driver is older than the image's CUDA needs.",
    fix: () => 'kubectl get nodes -L nvidia.com/cuda.driver.major,nvidia.com/gpu.product',
  },
  {
    code: 'GPU_UNSUPPORTED',
    sorts,
    pattern:
      /no kernel image is available|compute capability .{0,60}(?:not|less|at least)|only supported on GPUs with compute capability|sm_\d+ is not compatible/i,
    title: () => 'The GPU model is too old or too new for what the engine was built for.',
    fix: () => 'kubectl get nodes -L nvidia.com/gpu.product,nvidia.com/gpu.family',
  },
  {
    code: 'GPU_NOT_VISIBLE',
    sorts,
    pattern:
      /No CUDA GPUs are available|no CUDA-capable device|Failed to infer device type|NVML.{0,60}(?:not found|Shared Library)|libcuda\.so\.1: cannot open|CUDA_ERROR_NO_DEVICE/i,
    title: () => 'The container sees no GPU: none was asked for, or the device plugin did not give it one.',
    fix: (about) => redeploy(about, { gpus: Math.max(1, about.gpus ?? 1) }, toolCall('get_cluster_capacity', {})),
  },
  {
    code: 'KV_CACHE_TOO_SMALL',
    sorts,
    pattern:
      /(?:max(?:imum)?[ _](?:seq|model)[ _]len\w*\D{0,20}(?<asked>\d[\d,]*).{0,300}?)?(?:stored in KV cache \((?<room>\d[\d,]*)\)|estimated maximum model length is (?<estimate>\d[\d,]*)|No available memory for the cache blocks|larger than the available KV cache memory(?!.{0,200}estimated)|Not enough memory.{0,60}(?:KV|mem-fraction))/is,
    title: ({ asked, room, estimate }) =>
      room !== undefined || estimate !== undefined
        ? `The context${asked === undefined ? '' : ` of ${asked} tokens`} is too long: ${room ?? estimate} tokens fit into the GPU memory that is left.`
        : 'After the weights too little GPU memory is left for the KV cache of that context.',
    fix: (about, { room, estimate }) => {
      const enough = number(room ?? estimate);
      const contextLength = enough || 8192;
      if (contextLength < (about.asked?.contextLength ?? Number.POSITIVE_INFINITY))
        return redeploy(about, { contextLength });
      // It asks for no more than what there was room for: the words are of what ran before.
      return enough ? readLogs(about) : redeploy(about, { gpus: twice(about.gpus) });
    },
  },
  {
    code: 'GPU_OUT_OF_MEMORY',
    sorts,
    pattern:
      /CUDA out of memory|OutOfMemoryError|CUDA_ERROR_OUT_OF_MEMORY|cudaErrorMemoryAllocation|less than desired GPU memory utilization/i,
    title: (_, { gpus }) =>
      `The model does not fit into the memory of ${gpus === null || gpus === 1 ? 'its GPU' : `its ${gpus} GPUs`}.`,
    fix: (about) => redeploy(about, { gpus: twice(about.gpus) }),
  },
  {
    code: 'NCCL_FAILED',
    sorts,
    pattern:
      /ncclUnhandledCudaError|ncclSystemError|ncclInternalError|NCCL error|NCCL WARN .{0,80}(?:fail|error)|ProcessGroupNCCL.{0,80}(?:timeout|timed out)/i,
    title: () => 'The GPUs of a replica cannot talk to each other (NCCL).',
    fix: (about) => redeploy(about, { gpus: half(about.gpus) }, restart(about)),
  },
  {
    code: 'MODEL_CODE_UNTRUSTED',
    sorts,
    pattern: /contains custom code|requires you to execute|(?:set|pass|option).{0,60}trust[_-]remote[_-]code/i,
    title: () => 'The model brings its own Python code, which runs only with trustRemoteCode: look at it first.',
    fix: (about) => redeploy(about, { trustRemoteCode: true }, readLogs(about)),
  },
  {
    code: 'QUANTIZATION_MISMATCH',
    sorts,
    pattern:
      /Quantization method .{0,80}does not match|Unknown quantization|quantization method .{0,40}is not supported|Cannot find the config file for (?:awq|gptq|fp8)|not compatible with .{0,20}quantiz/i,
    title: () => 'The quantization that was asked for is not that of the model.',
    fix: (about) => redeploy(about, { quantization: null }, similarModels(about)),
  },
  {
    code: 'PARALLELISM_INVALID',
    sorts,
    pattern:
      /attention heads \((?<heads>\d+)\) must be divisible|must be divisible by (?:the )?tensor parallel size|not divisible by tp_size/i,
    title: ({ heads }) =>
      `Its GPUs do not divide the model's attention heads${heads === undefined ? '' : ` (${heads})`}.`,
    fix: (about) => redeploy(about, { gpus: 2 ** Math.floor(Math.log2(Math.max(1, (about.gpus ?? 2) - 1))) }),
  },
  {
    code: 'MODEL_UNSUPPORTED',
    sorts,
    pattern:
      /Model architectures? .{0,120}(?:not supported|failed to be inspected)|does not recognize this architecture|Unsupported (?:model )?architecture|architecture .{0,80}is not supported/i,
    title: (_, { model, engine }) =>
      `${engine ?? 'The engine'} does not support the architecture of ${model ?? 'the model'}.`,
    fix: (about) =>
      about.runtime === 'kuberay'
        ? similarModels(about)
        : redeploy(about, { engine: about.engine === 'sglang' ? 'vllm' : 'sglang', engineArgs: null, image: null }),
  },
  {
    code: 'TOKENIZER_MISMATCH',
    sorts,
    pattern:
      /Can't load tokenizer|Tokenizer class .{0,80}does not exist|Couldn't instantiate the backend tokenizer|failed to load tokenizer/i,
    title: () => "The model's tokenizer cannot be loaded by this image.",
    fix: (about) => redeploy(about, { image: null }, similarModels(about)),
  },
  {
    code: 'ENGINE_ARGUMENT_UNKNOWN',
    sorts,
    pattern:
      /unrecognized arguments: (?<argument>--[\w-]{1,60})|got an unexpected keyword argument '(?<keyword>\w{1,60})'|Unknown engine_kwargs: \['(?<kwarg>\w{1,60})'|invalid choice: |Extra inputs are not permitted/i,
    title: ({ argument, keyword, kwarg }) =>
      `The engine of this image does not know the argument ${argument ?? keyword ?? kwarg ?? 'or the value that it was given'}.`,
    fix: (about) => redeploy(about, { engineArgs: null }),
  },
  {
    code: 'MODULE_MISSING',
    sorts,
    pattern:
      /ModuleNotFoundError: No module named '(?<module>[\w.]{1,120})'|ImportError: (?!.*libcuda)|Failed to import .{0,80}import_path/i,
    title: ({ module }) => `The image lacks the Python module ${module ?? 'that is to be imported'}.`,
    fix: (about) => redeploy(about, { image: null }, readLogs(about)),
  },
  {
    code: 'MESSAGING_UNREACHABLE',
    sorts,
    pattern:
      /(?:nats|etcd|NIXL|UCX|:4222|:2379).{0,160}(?:connection refused|refused|timed out|unreachable|no such host|lookup|failed to connect|deadline)|(?:connection refused|failed to connect|Unable to connect).{0,160}(?:nats|etcd|NIXL|:4222|:2379)/is,
    title: () => 'It cannot reach the services that its parts talk through (NATS, etcd or NIXL).',
    fix: ({ runtime }) => toolCall('get_runtimes_status', { runtime }),
  },
  {
    code: 'MODEL_DOWNLOAD_FAILED',
    sorts,
    pattern:
      /(?:huggingface|hf\.co|cdn-lfs|snapshot_download|xet).{0,300}(?:Max retries exceeded|NameResolution|ConnectionError|ConnectTimeout|ReadTimeout|timed out|Connection reset|SSLError|certificate verify|50[0234] Server Error|429)|LocalEntryNotFoundError|couldn't connect to '?https:\/\/huggingface|(?:NameResolutionError|Temporary failure in name resolution).{0,200}huggingface/is,
    title: () =>
      'The weights cannot be downloaded: the pod does not reach Hugging Face (network, DNS, proxy or limit).',
    fix: (about) => restart(about),
  },
];
