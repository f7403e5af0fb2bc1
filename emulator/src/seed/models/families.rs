//! Families of models that lists are made of: real names, real tasks, plausible sizes.

/// Models of one architecture in several sizes.
pub struct Family {
    pub org: &'static str,
    /// Name with `{}` for the size.
    pub name: &'static str,
    pub task: &'static str,
    pub library: &'static str,
    pub model_type: &'static str,
    pub architecture: &'static str,
    pub license: &'static str,
    pub languages: &'static [&'static str],
    /// Word for the size, and millions of parameters.
    pub sizes: &'static [(&'static str, f64)],
    /// Year of the first release.
    pub year: i32,
}

const fn family(
    org: &'static str,
    name: &'static str,
    task: &'static str,
    model_type: &'static str,
    architecture: &'static str,
) -> Family {
    Family {
        org,
        name,
        task,
        library: "transformers",
        model_type,
        architecture,
        license: "apache-2.0",
        languages: &["en"],
        sizes: &[],
        year: 2022,
    }
}

const EUROPE: &[&str] = &["en", "de", "fr", "it", "pt", "es"];
const WORLD: &[&str] = &["en", "zh", "fr", "es", "pt", "de", "it", "ru", "ja", "ko", "vi", "th", "ar"];
const CHAT: &str = "text-generation";

pub const FAMILIES: [Family; 50] = [
    Family {
        license: "llama3.1",
        languages: EUROPE,
        sizes: &[("8B", 8030.0), ("70B", 70_554.0)],
        year: 2024,
        ..family("meta-llama", "Llama-3.1-{}", CHAT, "llama", "LlamaForCausalLM")
    },
    Family {
        license: "llama3.2",
        languages: EUROPE,
        sizes: &[("1B", 1236.0), ("3B", 3213.0)],
        year: 2024,
        ..family("meta-llama", "Llama-3.2-{}", CHAT, "llama", "LlamaForCausalLM")
    },
    Family {
        languages: WORLD,
        sizes: &[
            ("0.5B", 494.0),
            ("1.5B", 1544.0),
            ("3B", 3086.0),
            ("7B", 7616.0),
            ("14B", 14_770.0),
            ("32B", 32_764.0),
            ("72B", 72_706.0),
        ],
        year: 2024,
        ..family("Qwen", "Qwen2.5-{}", CHAT, "qwen2", "Qwen2ForCausalLM")
    },
    Family {
        languages: WORLD,
        sizes: &[("0.6B", 752.0), ("1.7B", 2031.0), ("4B", 4022.0), ("8B", 8191.0), ("32B", 32_762.0)],
        year: 2025,
        ..family("Qwen", "Qwen3-{}", CHAT, "qwen3", "Qwen3ForCausalLM")
    },
    Family {
        languages: EUROPE,
        sizes: &[("7B-v0.1", 7242.0), ("7B-v0.3", 7248.0)],
        year: 2023,
        ..family("mistralai", "Mistral-{}", CHAT, "mistral", "MistralForCausalLM")
    },
    Family {
        languages: EUROPE,
        sizes: &[("8x7B-v0.1", 46_703.0), ("8x22B-v0.1", 140_630.0)],
        year: 2024,
        ..family("mistralai", "Mixtral-{}", CHAT, "mixtral", "MixtralForCausalLM")
    },
    Family {
        license: "gemma",
        sizes: &[("2b", 2614.0), ("9b", 9242.0), ("27b", 27_227.0)],
        year: 2024,
        ..family("google", "gemma-2-{}", CHAT, "gemma2", "Gemma2ForCausalLM")
    },
    Family {
        license: "mit",
        sizes: &[("mini-4k", 3821.0), ("small-8k", 7392.0), ("medium-4k", 13_960.0)],
        year: 2024,
        ..family("microsoft", "Phi-3-{}", CHAT, "phi3", "Phi3ForCausalLM")
    },
    Family {
        license: "other",
        languages: EUROPE,
        sizes: &[("1B", 1669.0), ("3B", 3228.0), ("7B", 7456.0), ("10B", 10_306.0)],
        year: 2024,
        ..family("tiiuae", "Falcon3-{}", CHAT, "llama", "LlamaForCausalLM")
    },
    Family {
        sizes: &[("135M", 134.5), ("360M", 361.8), ("1.7B", 1711.4)],
        year: 2024,
        ..family("HuggingFaceTB", "SmolLM2-{}", CHAT, "llama", "LlamaForCausalLM")
    },
    Family {
        sizes: &[("1B", 1485.0), ("7B", 7299.0), ("13B", 13_716.0)],
        year: 2024,
        ..family("allenai", "OLMo-2-{}", CHAT, "olmo2", "Olmo2ForCausalLM")
    },
    Family {
        languages: WORLD,
        sizes: &[("2b", 2534.0), ("8b", 8171.0)],
        year: 2025,
        ..family("ibm-granite", "granite-3.3-{}-base", CHAT, "granite", "GraniteForCausalLM")
    },
    Family {
        license: "mit",
        languages: &["en", "zh"],
        sizes: &[("1.3b", 1346.0), ("6.7b", 6740.0), ("33b", 33_340.0)],
        year: 2023,
        ..family("deepseek-ai", "deepseek-coder-{}", CHAT, "llama", "LlamaForCausalLM")
    },
    Family {
        license: "mit",
        languages: &["en", "zh"],
        sizes: &[("V3", 684_531.0)],
        year: 2024,
        ..family("deepseek-ai", "DeepSeek-{}", CHAT, "deepseek_v3", "DeepseekV3ForCausalLM")
    },
    Family {
        license: "bigscience-bloom-rail-1.0",
        languages: WORLD,
        sizes: &[("560m", 559.2), ("1b7", 1722.4), ("7b1", 7069.0)],
        ..family("bigscience", "bloom-{}", CHAT, "bloom", "BloomForCausalLM")
    },
    Family {
        sizes: &[("70m", 95.6), ("160m", 212.7), ("410m", 506.0), ("1.4b", 1515.3)],
        year: 2023,
        ..family("EleutherAI", "pythia-{}", CHAT, "gpt_neox", "GPTNeoXForCausalLM")
    },
    Family {
        license: "other",
        sizes: &[("125m", 125.2), ("1.3b", 1315.8), ("6.7b", 6658.5)],
        ..family("facebook", "opt-{}", CHAT, "opt", "OPTForCausalLM")
    },
    Family {
        license: "mit",
        sizes: &[("medium", 379.9), ("large", 811.8), ("xl", 1607.0)],
        ..family("openai-community", "gpt2-{}", CHAT, "gpt2", "GPT2LMHeadModel")
    },
    Family {
        license: "other",
        sizes: &[("4B", 4191.0), ("9B", 8888.0)],
        year: 2025,
        ..family("nvidia", "Nemotron-Nano-{}", CHAT, "nemotron_h", "NemotronHForCausalLM")
    },
    Family {
        sizes: &[("20b", 21_511.0), ("120b", 120_412.0)],
        year: 2025,
        ..family("openai", "gpt-oss-{}", CHAT, "gpt_oss", "GptOssForCausalLM")
    },
    Family {
        sizes: &[("base-uncased", 110.1), ("base-cased", 108.9), ("large-uncased", 336.2), ("tiny-uncased", 4.4)],
        ..family("google-bert", "bert-{}", "fill-mask", "bert", "BertForMaskedLM")
    },
    Family {
        languages: WORLD,
        sizes: &[("cased", 178.6), ("uncased", 168.2)],
        ..family("google-bert", "bert-base-multilingual-{}", "fill-mask", "bert", "BertForMaskedLM")
    },
    Family {
        license: "mit",
        sizes: &[("base", 124.7), ("large", 355.4)],
        ..family("FacebookAI", "roberta-{}", "fill-mask", "roberta", "RobertaForMaskedLM")
    },
    Family {
        license: "mit",
        languages: WORLD,
        sizes: &[("base", 278.3), ("large", 560.9)],
        ..family("FacebookAI", "xlm-roberta-{}", "fill-mask", "xlm-roberta", "XLMRobertaForMaskedLM")
    },
    Family {
        sizes: &[("base-uncased", 67.0), ("base-cased", 65.8)],
        ..family("distilbert", "distilbert-{}", "fill-mask", "distilbert", "DistilBertForMaskedLM")
    },
    Family {
        license: "mit",
        sizes: &[("small", 141.9), ("base", 184.4), ("large", 435.1)],
        ..family("microsoft", "deberta-v3-{}", "fill-mask", "deberta-v2", "DebertaV2ForMaskedLM")
    },
    Family {
        sizes: &[("base", 149.6), ("large", 395.8)],
        year: 2024,
        ..family("northwind-nlp", "ModernBERT-{}-mirror", "fill-mask", "modernbert", "ModernBertForMaskedLM")
    },
    Family {
        library: "sentence-transformers",
        sizes: &[("MiniLM-L6-v2", 22.7), ("MiniLM-L12-v2", 33.4), ("mpnet-base-v2", 109.5)],
        ..family("sentence-transformers", "all-{}", "sentence-similarity", "bert", "BertModel")
    },
    Family {
        library: "sentence-transformers",
        license: "mit",
        sizes: &[("small-en-v1.5", 33.4), ("base-en-v1.5", 109.5), ("large-en-v1.5", 335.1)],
        year: 2023,
        ..family("BAAI", "bge-{}", "feature-extraction", "bert", "BertModel")
    },
    Family {
        library: "sentence-transformers",
        license: "mit",
        languages: WORLD,
        sizes: &[("small", 117.7), ("base", 278.0), ("large", 559.9)],
        year: 2023,
        ..family("intfloat", "multilingual-e5-{}", "sentence-similarity", "xlm-roberta", "XLMRobertaModel")
    },
    Family {
        license: "mit",
        languages: WORLD,
        sizes: &[("v2-m3", 567.8), ("base", 278.0)],
        year: 2023,
        ..family("BAAI", "bge-reranker-{}", "text-ranking", "xlm-roberta", "XLMRobertaForSequenceClassification")
    },
    Family {
        license: "cc-by-4.0",
        languages: EUROPE,
        sizes: &[("en-de", 74.6), ("en-fr", 75.1), ("en-es", 77.9), ("de-en", 74.6), ("fr-en", 75.1)],
        ..family("Helsinki-NLP", "opus-mt-{}", "translation", "marian", "MarianMTModel")
    },
    Family {
        license: "cc-by-nc-4.0",
        languages: WORLD,
        sizes: &[("distilled-600M", 615.1), ("1.3B", 1370.6), ("3.3B", 3344.9)],
        ..family("facebook", "nllb-200-{}", "translation", "m2m_100", "M2M100ForConditionalGeneration")
    },
    Family {
        languages: EUROPE,
        sizes: &[("small", 77.0), ("base", 247.6), ("large", 783.2), ("xl", 2849.8)],
        ..family("google", "flan-t5-{}", "text2text-generation", "t5", "T5ForConditionalGeneration")
    },
    Family {
        license: "mit",
        sizes: &[("large-cnn", 406.3), ("large-xsum", 406.3)],
        ..family("facebook", "bart-{}", "summarization", "bart", "BartForConditionalGeneration")
    },
    Family {
        languages: WORLD,
        sizes: &[
            ("tiny", 37.8),
            ("base", 72.6),
            ("small", 241.7),
            ("medium", 763.9),
            ("large-v3", 1543.5),
            ("large-v3-turbo", 808.9),
        ],
        ..family("openai", "whisper-{}", "automatic-speech-recognition", "whisper", "WhisperForConditionalGeneration")
    },
    Family {
        sizes: &[("base-960h", 94.4), ("large-960h", 315.5)],
        ..family("facebook", "wav2vec2-{}", "automatic-speech-recognition", "wav2vec2", "Wav2Vec2ForCTC")
    },
    Family {
        license: "cc-by-nc-4.0",
        sizes: &[("eng", 36.3), ("deu", 36.3), ("fra", 36.3)],
        year: 2023,
        ..family("facebook", "mms-tts-{}", "text-to-speech", "vits", "VitsModel")
    },
    Family {
        license: "cc-by-nc-4.0",
        sizes: &[("small", 587.0), ("medium", 2000.0)],
        year: 2023,
        ..family("facebook", "musicgen-{}", "text-to-audio", "musicgen", "MusicgenForConditionalGeneration")
    },
    Family {
        languages: &[],
        sizes: &[("base-patch16-224", 86.6), ("large-patch16-224", 304.3)],
        ..family("google", "vit-{}", "image-classification", "vit", "ViTForImageClassification")
    },
    Family {
        languages: &[],
        sizes: &[("18", 11.7), ("50", 25.6), ("101", 44.7)],
        ..family("microsoft", "resnet-{}", "image-classification", "resnet", "ResNetForImageClassification")
    },
    Family {
        languages: &[],
        library: "timm",
        sizes: &[("atto", 3.7), ("tiny", 28.6), ("base", 88.7)],
        year: 2023,
        ..family("timm", "convnextv2_{}.fcmae_ft_in1k", "image-classification", "convnextv2", "ConvNextV2")
    },
    Family {
        languages: &[],
        sizes: &[("50", 41.6), ("101", 60.7)],
        ..family("facebook", "detr-resnet-{}", "object-detection", "detr", "DetrForObjectDetection")
    },
    Family {
        languages: &[],
        license: "other",
        sizes: &[("b0-finetuned-ade-512-512", 3.8), ("b5-finetuned-ade-640-640", 84.7)],
        ..family("nvidia", "segformer-{}", "image-segmentation", "segformer", "SegformerForSemanticSegmentation")
    },
    Family {
        languages: &[],
        license: "other",
        sizes: &[("base-patch32", 151.3), ("large-patch14", 427.6)],
        ..family("openai", "clip-vit-{}", "zero-shot-image-classification", "clip", "CLIPModel")
    },
    Family {
        license: "bsd-3-clause",
        sizes: &[("base", 247.4), ("large", 469.7)],
        ..family("riverbend-labs", "blip-image-captioning-{}", "image-to-text", "blip", "BlipForConditionalGeneration")
    },
    Family {
        sizes: &[("3B", 3754.6), ("7B", 8292.2)],
        year: 2025,
        ..family("Qwen", "Qwen2.5-VL-{}", "image-text-to-text", "qwen2_5_vl", "Qwen2_5_VLForConditionalGeneration")
    },
    Family {
        library: "diffusers",
        license: "openrail++",
        sizes: &[("v1-5", 983.0), ("2-1", 1289.0), ("xl-base-1.0", 3470.0)],
        ..family("stabilityai", "stable-diffusion-{}", "text-to-image", "", "StableDiffusionPipeline")
    },
    Family {
        library: "diffusers",
        sizes: &[("schnell", 11_902.0), ("dev", 11_902.0)],
        year: 2024,
        ..family("black-forest-labs", "FLUX.1-{}", "text-to-image", "", "FluxPipeline")
    },
    Family {
        languages: &[],
        sizes: &[("small", 46.2), ("base", 200.7)],
        year: 2024,
        ..family("amazon", "chronos-bolt-{}", "time-series-forecasting", "t5", "ChronosBoltModelForForecasting")
    },
];
