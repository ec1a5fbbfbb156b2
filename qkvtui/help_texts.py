"""What the help says beside the options: examples, the commands, what the exit status and the environment mean."""

from __future__ import annotations

from .help_page import HelpParts, Row
from .said import say

COMMANDS: tuple[Row, ...] = (
    ("qkvtui [EXAMPLE]", say("the terminal application; without EXAMPLE a picker")),
    ("qkvtui print EXAMPLE...", say("the same lesson as text: scripts, handouts, pipes")),
    ("qkvtui why EXAMPLE ADDRESS", say("one number, opened back to the inputs, as a tree")),
    ("qkvtui check EXAMPLE...", say("is the file sound? do its published numbers hold?")),
    ("qkvtui grade SHEET ANSWERS...", say("a class: one table, a row a file, a column a step")),
    ("qkvtui learn EXAMPLE", say("train the matrices and see how they change")),
    ("qkvtui patch EXAMPLE OTHER", say("rows of one run patched into another: what carries it?")),
    ("qkvtui serve [EXAMPLE]", say("the application in browsers, for a class")),
    ("qkvtui new SENTENCE", say("a new example to start from")),
    ("qkvtui list", say("the bundled examples, one line each")),
    ("qkvtui capture MODEL SENTENCE", say("a head of a real model, as an example of your own")),
    ("qkvtui config", say("what is set, where, and what is remembered")),
    ("qkvtui COMMAND --help", say("examples and options of a command")),
)

_DONE, _UNUSABLE, _INTERRUPTED = (
    ("0", say("done")),
    ("2", say("a file or the command line cannot be used")),
    ("130", say("interrupted")),
)
_DISAGREES = ("1", say("check: a printed number does not hold, or an answer is wrong"))
_EXIT_STATUS = (say("exit status"), (_DONE, _DISAGREES, _UNUSABLE, _INTERRUPTED))
_ENVIRONMENT = (
    say("environment"),
    (
        ("LC_ALL, LC_MESSAGES, LANG", say("a Chinese locale chooses Chinese")),
        ("NO_COLOR, CLICOLOR=0", say("no colours")),
        ("FORCE_COLOR, CLICOLOR_FORCE=1", say("colours in a pipe too, unless NO_COLOR is set")),
        ("TERM=dumb", say("no colours, and no application")),
        ("COLUMNS", say("the width of what is printed")),
        ("QKVTUI_READ_ONLY=1", say("as --read-only, for every command; or a folder, as --folder")),
        ("QKVTUI_NO_STATE=1", say("the application remembers nothing, and recalls nothing")),
    ),
)
_EXAMPLE_IS = say(
    "EXAMPLE is a bundled name (animal), a path, or - for standard input; EXAMPLE#ADDRESS starts at that number: "
    "'animal#scores[it,animal]'. It can also be a model with what it reads: the folder or the GGUF file, then a "
    "sentence between quotation marks."
)

APPLICATION = HelpParts(
    (
        ("qkvtui", say("choose an example, then walk through it")),
        ("qkvtui animal", say("walk through this one")),
        ("qkvtui print animal", say("the same as text")),
        ('qkvtui ~/MiniLM "The cat slept."', say("all of a model on this machine, layer by layer")),
        ("qkvtui list", say("what there is to walk through")),
    ),
    sections=((say("commands"), COMMANDS),),
    endings=(_EXIT_STATUS, _ENVIRONMENT),
    notes=(
        _EXAMPLE_IS,
        say(
            "The application remembers which lessons were seen, and changes that a lost connection left unwritten; "
            "nothing with --no-state or QKVTUI_NO_STATE=1. "
            "'qkvtui config' shows what is set, and where."
        ),
    ),
)
PRINT = HelpParts(
    (
        ("qkvtui print animal --step scores,weights", say("two steps of a lesson")),
        ("qkvtui print animal --set 'X[it,0]=0.9' --before", say("what if a number were another one?")),
        ("qkvtui print animal --blank all --random --seed 7", say("a worksheet with fresh numbers")),
        ("qkvtui print animal -o page.html", say("a page for a blog; also .svg of a step, and .tex")),
        ("qkvtui print journey --format json -o journey.json", say("the numbers, for a program")),
    ),
    notes=(_EXAMPLE_IS,),
)
WHY = HelpParts(
    (
        ("qkvtui why animal 'weights[it,animal]' --depth 2", say("where does this number come from?")),
        ("qkvtui why animal weights:it,animal --scale none", say("and without the scale?")),
    )
)
CHECK = HelpParts(
    (
        ("qkvtui check mine.toml", say("is my file sound?")),
        ("qkvtui check animal illustrated", say("do the numbers hold that the sources printed?")),
        ("qkvtui check --answers mine.csv", say("grade a worksheet that was filled in")),
    ),
    endings=(_EXIT_STATUS,),
)
GRADE = HelpParts(
    (
        ("qkvtui grade sheet.csv answers/*.csv", say("points, and what most got wrong")),
        ("qkvtui grade sheet.csv answers/*.csv -o grades.csv", say("the table for a spreadsheet")),
    ),
    endings=((say("exit status"), (_DONE, _UNUSABLE, _INTERRUPTED)),),
)
LEARN = HelpParts(
    (
        ("qkvtui learn it-learn", say("how the loss falls, and what moves")),
        ("qkvtui learn sentence-learn --seed 7 --every 20", say("from random numbers, a line each 20 updates")),
        ("qkvtui learn animal-learn -o trained.toml", say("an example with what was learned")),
    ),
    notes=(
        say(
            "-o FILE writes the report; how the name ends, .html or .md, chooses its format. With one that ends in "
            ".toml (or in .json, without --format), it is an example with what was learned: open it with qkvtui FILE."
        ),
        say("--sentences: with labels, what is read from each sentence before and after."),
        say(
            "--every N: csv has a row for each update without it, json always all losses. A run whose loss is no "
            "longer a number ends there, says so, and is no error."
        ),
    ),
)
PATCH = HelpParts(
    (
        ("qkvtui patch how-tired-gets-in", say("the other run and the number that the file names")),
        ("qkvtui patch two-layers 'animal street it wide' 'weights@1[it,animal]'", say("other words")),
        ("qkvtui patch minilm-tired minilm-wide 'output[it,0]'", say("two files of one shape")),
        ("qkvtui patch ~/MiniLM 'It is tired.' 'It is wide.' 'weights@3.1[it,is]'", say("a model, two sentences")),
    ),
    notes=(
        say(
            "Each time one row of OTHER is patched in where it comes into a layer, or what one head of a layer has "
            "found; then EXAMPLE is computed on from there. In the application: P, where a file has [[patch]]; "
            "of a model, P says this command for the number one is at."
        ),
    ),
)
SERVE = HelpParts(
    (
        ("qkvtui serve animal", say("in the browsers of this computer")),
        ("qkvtui serve --host 0.0.0.0 --visitors 12", say("in those of the network too, twelve at once")),
        ("qkvtui serve animal --follow place", say("with whoever runs: qkvtui animal --lead place")),
    ),
    notes=(
        say(
            "It needs more packages: pip install 'qkvtui[web]'. Each visitor has a session of their own that only "
            "reads: the bundled examples, and what is in the folder of EXAMPLE or in --folder. There is no password, "
            "and nothing is encrypted; for that, put a web server in front and give its name with --name. Pages speak "
            "the language of the browser, or that of --lang. Ctrl+C ends all sessions."
        ),
    ),
)
NEW = HelpParts(
    (
        ('qkvtui new "the cat was tired" -o mine.toml', say("small whole numbers, to be changed")),
        ('qkvtui new "the cat was tired" --seed 7', say("other numbers; the file is only shown")),
        ('qkvtui new --from arrays.npz --tokens "it was tired" -o mine.toml', say("X, W_Q and more, of any framework")),
    ),
    notes=(
        say(
            "Without -o the file is written to standard output. The numbers are the same for the same sentence and "
            "seed; what else there could be stands in it as comments. An array that an example cannot have is refused. "
            "Of many numbers, -o FILE.toml writes a second file beside it, FILE.npz."
        ),
    ),
)
LIST = HelpParts((("qkvtui list", say("the bundled examples, in the order of a course")),))
CONFIG = HelpParts(
    (
        ("qkvtui config", say("what holds, and why")),
        ("qkvtui config --forget", say("begin again, as if no lesson had been seen")),
    ),
    endings=(_ENVIRONMENT,),
)

_SAVES_ARRAYS = """\
  import numpy, sys, torch
  import transformers as hf
  from transformers.masking_utils import eager_mask

  layers = []

  def keep(module, q, k, v, mask, **more):
      one = dict(Q=q, K=k, V=v, mask=mask, scale=more.get("scaling"),
                 softcap=more.get("softcap"), sink=more.get("s_aux"),
                 bias=more.get("position_bias"))
      layers.append({name: x for name, x in one.items() if x is not None})
      code = sys.modules[type(module).__module__]
      return code.eager_attention_forward(module, q, k, v, mask, **more)

  hf.AttentionInterface.register("keep", keep)
  hf.AttentionMaskInterface.register("keep", eager_mask)
  tokenizer = hf.AutoTokenizer.from_pretrained(NAME)
  model = hf.AutoModel.from_pretrained(NAME, attn_implementation="keep")
  read = tokenizer("The cat slept because it was tired", return_tensors="pt")
  with torch.no_grad():
      model(**read)
  found = {name: torch.as_tensor(x).float() for name, x in layers[0].items()}
  tokens = tokenizer.batch_decode(read["input_ids"][0][:, None])
  numpy.savez("arrays.npz", tokens=tokens, **found)"""


CAPTURE = HelpParts(
    (
        (
            'qkvtui capture ~/MiniLM "The cat slept." --list',
            say("whom the last word attends to, in every head"),
        ),
        (
            'qkvtui capture ~/MiniLM "The cat slept." --layer 3 --head 1 -o mine.toml',
            say("this head as an example"),
        ),
        (
            'qkvtui capture ~/MiniLM "The cat slept." --list --to cat --top 5',
            say("the heads that give most to this word"),
        ),
        (
            'qkvtui capture ~/MiniLM "The cat slept." --layer 3 --head all -o mine.toml',
            say("all heads of a layer, with W_O"),
        ),
        ('qkvtui capture ~/MiniLM "The cat slept." -o mine.toml', say("the whole model, in a few lines")),
        ('qkvtui capture --from arrays.npz --tokens "it was tired" -o mine.toml', say("Q, K and V of any framework")),
    ),
    notes=(
        say(
            "MODEL is a Hugging Face folder on this machine (config.json, model.safetensors, tokenizer.json or "
            "vocab.txt), a folder models--... of its cache, or a GGUF file (F32 to Q4_0, Q6_K to Q4_K), of any model "
            "that 'qkvtui MODEL SENTENCE' opens: from BERT to Gemma 3, and the encoder-decoders from T5 to Marian. "
            "Reading it needs one more package: pip install tokenizers"
        ),
        say(
            "--from takes an .npz file with Q, K and V of one sentence, (heads, tokens, d_k) each, from any other "
            "model. It may also hold tokens, context, scale, softcap, sink, a number a head, and mask and bias, "
            "(tokens, tokens) or for each head: true where a query may look, or numbers that are added to the scores. "
            "A decoder has a mask: save it too, or give --causal."
        ),
        say(
            "With transformers, this saves them for nearly every model; T5 also wants decoder_input_ids. NAME is a "
            "folder or a name on the hub; layers are counted from 0."
        ),
        _SAVES_ARRAYS,
    ),
)
