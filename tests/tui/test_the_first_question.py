"""What the learner asked with whom it began: each sentence of that dialogue, and where it is seen, in Chinese."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from textual.pilot import Pilot

from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.state import lesson_of
from qkvtui.views.look import Look

from .driving import play, screen_text


class Asked(NamedTuple):
    """One sentence of the dialogue: what it says, the lesson, the keys from its first step, and what is read there."""

    says: str
    lesson: str
    keys: str
    seen: tuple[str, ...]


TABLE = (
    Asked("设定 W_Q、W_K、W_V：谁来设定？", "bank", "→", ("W_Q 是谁设定的？", "由人设定", "可学习参数", "开始时随机")),
    Asked("三个矩阵就是三个线性层", "animal-sentence", "→", ("nn.Linear，d_model → d_k、d_k、d_v", "交叉熵")),
    Asked("为什么要三个", "bank", "8", ("我要看谁", "我是谁", "我能提供什么", "三个权重矩阵")),
    Asked("同一个 X 投影到三个空间", "animal-sentence", "0", ("× W_Q", "× W_K", "× W_V", "Q", "K", "V")),
    Asked("W_Q：我要看谁", "bank", "→", ("我要找什么", "查询（Query）")),
    Asked("W_K：我是谁，有哪些特征可被关注", "bank", "→→", ("别人凭什么找到我", "键（Key）")),
    Asked("W_V：我能提供什么", "bank", "→→→", ("我交给他什么", "值（Value）")),
    Asked("怎样学出来：输出、比较、反向传播", "bank", "→", ("得到输出", "和标准答案比较", "反向传播")),
    Asked(
        "画一张图：X → Q、K、V → 注意力 → 输出",
        "animal-sentence",
        "0",
        ("我要看谁", "我是谁", "我能提供什么", "O = A V"),
    ),
    Asked("Q Kᵀ / √d", "animal-sentence", "0", ("Q Kᵀ", "√d_k", "softmax")),
    Asked("举一个文本的例子", "animal-sentence", "", ("because it was too tired", "词向量", "指的是动物")),
    Asked("嵌入是几个数", "animal-sentence", "", ("生物", "地点", "状态", "0.50")),
    Asked("it 和谁相似：分数", "animal-sentence", "→→→→", ("6.32", "点积")),
    Asked("注意力权重 0.45、0.40、0.02", "animal-sentence", "7", ("45%", "40%", "2%")),
    Asked("权重乘 V 再求和", "animal-sentence", "8", ("加权求和",)),
    Asked("it 的意思 ≈ animal 的意思", "animal-sentence", "8", ("“it”的意思 ≈“animal”的意思",)),
    Asked("动态性", "animal-sentence", "9", ("动态性", "street")),
    Asked("聚合", "animal-sentence", "8", ("信息聚合",)),
    Asked("可解释性", "animal-sentence", "7", ("可解释性",)),
    Asked("一层里，句末的词改变不了 it 和 animal 的分数", "animal-sentence", "End", ("wide", "分数")),
)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("asked", TABLE, ids=[one.says for one in TABLE])
def test_each_sentence_of_the_dialogue_is_seen_in_the_first_lessons(asked: Asked) -> None:
    """The learner who asked in Chinese what it means to set W_Q would still not have found the answer."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press(*re.sub("→", "n", asked.keys.replace("End", "")))
        if "End" in asked.keys:
            await pilot.press("end")
        pages = [screen_text(app)]
        for _ in range(3):  # what does not fit is turned to
            await pilot.press("pagedown")
            pages.append(screen_text(app))
        read = "".join("".join(page.split()) for page in pages)
        assert [words for words in asked.seen if "".join(words.split()) not in read] == []

    play(scene, lesson=lesson_of(asked.lesson), look=Look(80, language="zh"))
