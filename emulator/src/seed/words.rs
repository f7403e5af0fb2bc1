//! Words that names, cards and conversations of the seed are made of.

pub const ADJECTIVES: [&str; 12] =
    ["amber", "brisk", "calm", "dusky", "eager", "frosty", "gentle", "hazel", "ivory", "lunar", "mellow", "quiet"];

pub const TOPICS: [&str; 22] = [
    "medical", "legal", "finance", "recipes", "poetry", "sql", "python", "math", "travel", "chess", "support",
    "biology", "climate", "history", "astronomy", "law-qa", "agents", "storytelling", "watercolor", "pixel-art",
    "claymation", "blueprints",
];

pub const DATASETS: [&str; 18] = [
    "stanfordnlp/imdb",
    "rajpurkar/squad",
    "nyu-mll/glue",
    "eriktks/conll2003",
    "SetFit/emotion",
    "fancyzhx/ag_news",
    "tatsu-lab/alpaca",
    "HuggingFaceH4/ultrachat_200k",
    "HuggingFaceTB/smoltalk",
    "openai/gsm8k",
    "mozilla-foundation/common_voice_17_0",
    "google/fleurs",
    "acme/reviews",
    "ILSVRC/imagenet-1k",
    "uoft-cs/cifar10",
    "abisee/cnn_dailymail",
    "Helsinki-NLP/opus-100",
    "allenai/c4",
];

pub const LICENSES: [&str; 10] = [
    "mit", "apache-2.0", "cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "cc0-1.0", "odc-by", "openrail", "gpl-3.0",
    "other",
];

pub const LANGUAGES: [&str; 24] = [
    "en", "zh", "fr", "es", "de", "pt", "it", "ru", "ja", "ko", "ar", "hi", "vi", "th", "nl", "pl", "tr", "sv", "uk",
    "fa", "id", "cs", "fi", "el",
];
