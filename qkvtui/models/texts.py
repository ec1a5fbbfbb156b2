"""What a captured example says about itself, in both languages. {braces} are filled in."""

from __future__ import annotations

from collections.abc import Sequence

from ..files.phrases import MOST_LISTED
from ..localized import Localized

TITLE = Localized(
    {
        "en": "{model}, layer {layer}, head {head}: {text}",
        "zh": "{model} 第 {layer} 层的头 {head}：{text}",
    }
)
ABOUT = Localized(
    {
        "en": (
            "One attention head of the trained model {model}, layer {layer}, head {head}, both counted from 0, of "
            "{of}. X is what enters this head: {given}, {entering}. W_Q, W_K and W_V are the head's own columns, "
            "learned, not set by hand. {sharing}What one head looks at is a fact about this head and this sentence, "
            "and says little about the whole model."
        ),
        "zh": (
            "这是训练好的模型 {model} 的一个注意力头：第 {layer} 层的头 {head}（都从 0 数起），"
            "模型共 {of}。X 是进入这个头的数：{given}，{entering}。"
            "W_Q、W_K、W_V 是这个头自己的那几列，是训练出来的，不是人设的。{sharing}"
            "一个头看哪里，只说明这个头在这句话上的情形，不能说明整个模型。"
        ),
    }
)
TITLE_OF_MODEL = Localized({"en": "{model}: {text}", "zh": "{model}：{text}"})
ABOUT_MODEL = Localized(
    {
        "en": (
            "The trained model {model}, whole: {of}, {given}, all computed here from the model's own file. Its "
            "matrices are learned, not set by hand. What one head looks at is a fact about this head and this "
            "sentence, and says little about the whole model."
        ),
        "zh": (
            "这是训练好的模型 {model} 的全部：{of}，{given}，"
            "这里的每个数都是从模型文件算出来的。所有矩阵都是训练出来的，不是人设的。"
            "一个头看哪里，只说明这个头在这句话上的情形，不能说明整个模型。"
        ),
    }
)
ABOUT_SIDES = Localized(
    {
        "en": (
            "The trained model {model}, whole: an encoder of {encoder} reads your sentence, a decoder of "
            "{decoder} writes the answer word after word. Each of the decoder's layers is two here: in one its "
            "own words look at each other (self), in the next they look at your sentence (cross). All numbers are "
            "computed here from the model's own file."
        ),
        "zh": (
            "这是训练好的模型 {model} 的全部：编码器有 {encoder}，读你给的句子；解码器有 {decoder}，"
            "一个词一个词地写出答案。解码器的每一层在这里分成两层：前一层里它自己的词互相看（自注意力），"
            "后一层里这些词去看你的句子（交叉注意力）。这里的每个数都是从模型文件算出来的。"
        ),
    }
)
TITLE_OF_LAYER = Localized(
    {
        "en": "{model}, layer {layer}: {text}",
        "zh": "{model} 第 {layer} 层：{text}",
    }
)
ABOUT_LAYER = Localized(
    {
        "en": (
            "The attention of one layer of the trained model {model}, layer {layer}, counted from 0, of {layers}, "
            "with its {heads} and W_O, which mixes them. X is what enters this layer: {given}, {entering}. W_Q, W_K, "
            "W_V and W_O are learned, not set by hand. What comes out is not yet what leaves the layer: the model adds "
            "it to what came in, and {next} follows."
        ),
        "zh": (
            "这是训练好的模型 {model} 第 {layer} 层（从 0 数起）的注意力："
            "{heads}，以及把各头混在一起的 W_O。模型共 {layers}。"
            "X 是进入这一层的数：{given}，{entering}。"
            "W_Q、W_K、W_V、W_O 都是训练出来的，不是人设的。"
            "这里算出的还不是这一层最后的输出：模型还要把它加回到进来的数上，再经过{next}。"
        ),
    }
)
FEED_FORWARD = Localized({"en": "a feed-forward network", "zh": "前馈网络"})
CROSS = Localized({"en": "a look at the words of the sentence", "zh": "交叉注意力"})
EMBEDDED = Localized({"en": "the embeddings of words and positions", "zh": "即词与位置的嵌入向量"})
EMBEDDED_WORDS = Localized({"en": "the embeddings of the words", "zh": "即词的嵌入向量"})
AFTER = Localized({"en": "as the layers before left them", "zh": "已经过前面 {layer} 层"})
NORMALISED = Localized({"en": "{before}, after layer normalisation", "zh": "{before}，再经层归一化"})
RMS_NORMALISED = Localized({"en": "{before}, after RMSNorm", "zh": "{before}，再经 RMSNorm"})
SHARED_KEYS = Localized(
    {
        "en": "Its keys and values serve heads {first} to {last} alike (grouped-query attention). ",
        "zh": "它的键和值由头 {first} 到头 {last} 共用（分组查询注意力）。",
    }
)
ENCODER_LAYER = Localized(
    {
        "en": "It is layer {own} of the encoder, which has {count}.",
        "zh": "它是编码器的第 {own} 层（共 {count} 层）。",
    }
)
DECODER_LAYER = Localized(
    {
        "en": "It is layer {own} of the decoder, which has {count}: here its words look at each other.",
        "zh": "它是解码器的第 {own} 层（共 {count} 层）：解码器的词元在这里互相看。",
    }
)
CROSS_LAYER = Localized(
    {
        "en": (
            "It is layer {own} of the decoder, which has {count}: here its words look at those of the sentence, and Y "
            "is what the encoder has made of them."
        ),
        "zh": "它是解码器的第 {own} 层（共 {count} 层）：解码器的词元在这里看原句的词元，Y 是编码器从原句得到的。",
    }
)
NOT_SHARED = Localized({"en": "", "zh": ""})
CONTINUED = Localized(
    {
        "en": " ## marks a piece that continues the word before it.",
        "zh": "带 ## 的是子词，接在前一个词元后面。",
    }
)
UNKNOWN = Localized(
    {
        "en": (
            "The tokenizer of {model} does not know {words}. It puts {sign} there ({count} of {tokens} tokens), "
            "whatever the word, so these numbers say nothing about it; a model trained on such words would know them."
        ),
        "zh": (
            "{model} 的分词器不认识{words}，一律换成 {sign}（{tokens} 个词元中的 {count} 个），"
            "所以这里的数说明不了这些词；要看它们，请换一个学过这种语言的模型。"
        ),
    }
)
BLANK = Localized({"en": " ", "zh": ""})
"""Between two sentences."""
SOURCE = Localized(
    {
        "en": "Model {model} ({licence}), computed in float32 by qkvtui {version}",
        "zh": "模型 {model}（{licence}），由 qkvtui {version} 以 float32 计算",
    }
)
LICENCE = Localized({"en": "licence according to its card: {licence}", "zh": "模型卡所写许可证：{licence}"})
NO_LICENCE = Localized({"en": "see there for its licence", "zh": "许可证见模型主页"})

DUMPED_TITLE = Localized({"en": "Q, K and V from {file}", "zh": "{file} 中的 Q、K、V"})
ARRAYS_TITLE = Localized({"en": "Arrays from {file}", "zh": "{file} 中的数组"})
DUMPED_SOURCE = Localized(
    {
        "en": "{file}, arrays of another program, taken over by qkvtui {version}",
        "zh": "{file}，来自其他程序的数组，由 qkvtui {version} 转成",
    }
)

SURVEY = Localized(
    {
        "en": (
            "Whom {query} attends to in {count} heads of {model}, counted from 0: first those that give most to a word "
            "farther away. {rest}"
        ),
        "zh": "{query} 在 {model} 的 {count} 个头里看向谁（层和头从 0 数起），给远处的词最多的头排在前面。{rest}",
    }
)
SURVEY_TO = Localized(
    {
        "en": (
            "How much of its attention {query} gives to {to} in {count} heads of {model}, counted from 0: most first. "
            "{rest}"
        ),
        "zh": "{query} 在 {model} 的 {count} 个头里给了{to}多少注意力（层和头从 0 数起），从多到少。{rest}",
    }
)
SURVEY_REST = Localized(
    {
        "en": "Spread: how many tokens share it. Role: what the head mostly does, whoever asks.",
        "zh": "分散度：注意力分给了几个词元。角色：不论谁来问，这个头主要在做什么。",
    }
)
MORE_HEADS = Localized(
    {
        "en": "and {count} heads more: --top {all}",
        "zh": "还有 {count} 个头：--top {all}",
    }
)
ROLES = {
    "itself": Localized({"en": "itself", "zh": "看自己"}),
    "previous": Localized({"en": "previous", "zh": "看前一个"}),
    "next": Localized({"en": "next", "zh": "看后一个"}),
    "first": Localized({"en": "first token", "zh": "看第一个"}),
    "last": Localized({"en": "last token", "zh": "看最后一个"}),
    "duplicate": Localized({"en": "duplicate", "zh": "看相同的词"}),
    "induction": Localized({"en": "induction", "zh": "归纳头"}),
}
"""What a head does with most of its attention; induction: looks at what followed the same token before."""

WRITTEN = Localized(
    {
        "en": "{path}: {query} gives most to {top}, {weight}; 'qkvtui {path}' walks through it",
        "zh": "{path}：{query}看得最多的是{top}，权重 {weight}；用 'qkvtui {path}' 逐步查看",
    }
)
WRITTEN_HEADS = Localized(
    {
        "en": (
            "{path}: {heads} heads; in head 0 {query} gives most to {top}, {weight}; 'qkvtui {path}' walks through "
            "them, and ] goes to the next head"
        ),
        "zh": (
            "{path}：{heads} 个头；在头 0 里{query}看得最多的是{top}，权重 {weight}；"
            "用 'qkvtui {path}' 逐步查看，按 ] 看下一个头"
        ),
    }
)
SIDES = Localized(
    {"en": "an encoder of {encoder} and a decoder of {decoder}", "zh": "编码器 {encoder}，解码器 {decoder}"}
)
OF_SIDES = Localized(
    {
        "en": "{layers}, {encoder} in the encoder and two for each of the decoder's {decoder}",
        "zh": "{layers}（编码器 {encoder} 层；解码器 {decoder} 层，每层在这里分成两层）",
    }
)
THIS_HAS = Localized({"en": "{layers}; this one has {heads}", "zh": "{layers}，这一层有 {heads}"})
WRITTEN_MODEL = Localized(
    {
        "en": "{path}: the whole model, {of}; 'qkvtui {path}' walks through it",
        "zh": "{path}：整个模型，{of}；用 'qkvtui {path}' 逐步查看",
    }
)
NO_MASK = Localized(
    {
        "en": (
            "{path}: there was no mask, so every token sees every other one; in a decoder a query sees only itself and "
            "the tokens before it: give --causal, or save the mask too"
        ),
        "zh": (
            "{path}：没有给出掩码，所以每个词元都能看到所有词元；如果是解码器，每个词元只能看到自己和前面的词元："
            "请加上 --causal，或者把掩码也存进文件"
        ),
    }
)
NO_MASK_OF_CONTEXT = Localized(
    {
        "en": "{path}: there was no mask, so every token sees all of the context",
        "zh": "{path}：没有给出掩码，所以每个词元都能看到上下文里的所有词元",
    }
)
HEADINGS = Localized(
    {
        "en": "layer|head|most to|weight|distant word|weight|spread|role",
        "zh": "层|头|看得最多|权重|远处的词|权重|分散度|角色",
    }
)
HEADINGS_TO = Localized(
    {
        "en": "layer|head|to {to}|most to|weight|spread|role",
        "zh": "层|头|给{to}|看得最多|权重|分散度|角色",
    }
)


def filled(text: Localized, /, **values: object) -> Localized:
    """The text with its braces filled; a value that is a text itself is taken in the same language."""

    def one(value: object, language: str) -> object:
        return value.in_language(language) if isinstance(value, Localized) else value

    return Localized(
        {
            language: template.format(**{name: one(value, language) for name, value in values.items()})
            for language, template in text.texts.items()
        }
    )


def quoted_words(words: Sequence[str]) -> Localized:
    """“one”, “two” and so on, as far as a line can bear."""
    shown = [f"“{word}”" for word in words[:MOST_LISTED]]
    more = len(words) - len(shown)
    return Localized(
        {
            "en": ", ".join(shown) + (f" and {more} more" if more else ""),
            "zh": "、".join(shown) + (f"等 {len(words)} 个词" if more else ""),
        }
    )


def joined(*texts: Localized) -> Localized:
    """The texts one after the other, in each language."""
    return Localized({language: "".join(text.in_language(language) for text in texts) for language in texts[0].texts})
