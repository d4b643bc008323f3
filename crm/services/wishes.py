"""Whether a comment asks for something. Words alone, English and German; a rep who knows better says so.

In doubt it asks: a wish overlooked is a broken promise, a thank-you taken for a wish costs the rep one click.
"""

from __future__ import annotations

import re

#: Polite or grateful turns that hold the words of a wish and are none. They are taken out first.
_NO_WISH = (
    r"(please )?(keep (it|this|that) up|keep up the \w+( \w+)?|(keep|carry|go) on like (this|that)"
    r"|continue like (this|that)|stay (as|the way) you are|(do not|don't) change (a thing|anything))",
    r"please (accept|thank|pass (on )?(my|our) thanks|give (my|our) thanks|convey (my|our) thanks)[^.!?\n]*",
    r"((would|i'd|we'd) (like|love)|want(ed)?) to (say )?(thank|praise|congratulate)[^.!?\n]*",
    r"(can't|cannot|can not|couldn't|could not) (be|have been) (any |much )?(better|happier|nicer|prouder|more \w+)",
    r"(can't|cannot|can not|couldn't|could not) (have )?(ask|wish|want|hope|imagin)e?(ed|d)?( for)?"
    r"( any)? ?(more|better|anything \w+)?",
    r"(what|who|how) (more )?(could|can|would) (you|we|one|it|this|i|anyone)( possibly)? (more )?"
    r"(ask for|want|wish for|wish|expect|be better|be any better)[^.!?\n]*\??",
    r"(when(ever)?|if|where(ver)?|what|that|as|all|everything) (we|i|you) (ever |really )?(need|want|miss)(ed)?\b",
    r"(we|i) (really )?(need|want|miss|lack) nothing[^.!?\n]*",
    r"(we|i) (do not|don't|did not|didn't) (really )?(need|want|miss|lack|wish)[^.!?\n]*",
    r"should be (very )?(proud|praised|commended|congratulated)",
    r"(isn't|wasn't|aren't|right|no|eh)( it| they)? ?\?",
    r"(bitte )?(nur |immer |genau ?)?(so weiter|weiter so|so bleiben|bleiben sie so|machen sie (weiter so|so weiter))",
    r"bitte (richten|geben|sagen) sie [^.!?\n]*\bdank[^.!?\n]*",
    r"möchten? [^.!?\n]*\b(bedanken|danken|danke|dank|loben|gratulieren)\b[^.!?\n]*",
    r"wünschen? (ihnen|euch|dir|allen|dem team|ein|eine|frohe|schöne|viel|alles)\b[^.!?\n]*",
    r"(nichts|keine) (weiteres |weiteren |mehr )?(zu )?(wünschen|wünsche|wünschenswert)( übrig)?",
    r"was (will|wünscht) man mehr ?\??",
    r"(könnte|kann|geht es|ginge) (kaum |gar |gar nicht |nicht )+besser[^.!?\n]*",
    r"(wir|ich) (brauchen?|benötigen?|vermissen?) (gar |sonst |derzeit |im moment )*(nichts|keine)[^.!?\n]*",
    r"(was|wie|wenn|wann immer|sobald|wo) (wir|ich) (brauche|brauchen|benötige|benötigen)",
    r"(nicht wahr|oder|gell) ?\?",
)
#: What asks for something.
_WISH = (
    r"\?",
    r"\bplease\b",
    r"\b(could|can|would|will) (you|we|it|they|someone|somebody|i|the|your|our)\b",
    r"\b(we|i|they|people|users|everyone|team|department) (still |really |also |urgently |just |do |always )*"
    r"(needs?|wants?|miss|misses|lacks?|wish|hope for|require|expect)\b",
    r"\b(would|i'd|we'd|'d) (really |very much |also )?(like|love|prefer|appreciate|welcome|help|wish)\b",
    r"\bwould be (really |very |so |much )?"
    r"(good|great|nice|helpful|useful|better|easier|appreciated|welcome|wonderful|lovely|ideal)\b",
    r"\b(needs|need) (to|a|an|more|better|fixing|attention|some)\b",
    r"\b(it|this|that|there|you|we|they|tickets?|answers?|replies|the \w+) (really |also )?"
    r"(should|ought to|must|has to|have to)\b",
    r"\b(is|are) (missing|lacking|needed|required)\b",
    r"\b(let|tell|keep|give|send|show|help|teach|train) (us|me|them)\b",
    r"\b(asking|ask|waiting|wait|hoping|hope) (for|to)\b",
    r"(^|[.!;:\n,-] *|\b(and|but|so) )(fix|add|send|give|make|stop|bring|check|improve|reduce|provide|restore|replace"
    r"|repair|answer|reply|call|speed|update|explain|remove|simplify) \w",
    r"(^|[.!;:\n-] *)(more|faster|fewer|less|better|quicker|earlier|clearer|shorter|simpler) "
    r"(?!(than|and|or|this|now|every|with|of)\b)\w",
    r"\bbitte\b(?! (sehr|schön|gern))",
    r"\b(wir|ich|man|alle|die \w+) (\w+ ){0,2}(braucht|brauchen?|bräuchten?|benötigt|benötigen?)\b",
    r"\b(brauchen?|bräuchten?|benötigen?) (wir|ich)\b",
    r"\b(könnt|könnten|könntet|könntest|könnte|kann|können) (sie|ihr|wir|man|du|ich|jemand|es|das|die|der)\b",
    r"\bwünsch(e|en|t|te|ten)\b|\bwünschenswert\b",
    r"\bhätte(n)? (\w+ ){0,3}gerne?\b|\b(würde|würden) (\w+ ){0,4}(gerne?|freuen|helfen|begrüssen|wünschen)\b",
    r"\bwäre(n)? (\w+ ){0,3}"
    r"(gut|schön|hilfreich|toll|super|nett|besser|sinnvoll|möglich|prima|praktisch|wünschenswert|dankbar)\b",
    r"\bmöchten?\b",
    r"\b(sollte|sollten|müsste|müssten|muss|müssen|solltet|sollen)\b",
    r"\b(fehlt|fehlen)\b|\bes braucht\b",
    r"(^|[.!;:\n-] *)(mehr|schneller|schnellere|bessere|weniger|früher|kürzere|klarere|einfachere) "
    r"(?!(als|und|oder|geht)\b)\w",
)
_OUT = re.compile("|".join(f"(?:{turn})" for turn in _NO_WISH))
_IN = re.compile("|".join(f"(?:{turn})" for turn in _WISH), re.MULTILINE)


def asks_for_something(comment: str) -> bool:
    """Whether these words hold a wish, a request or a question."""
    words = comment.casefold().replace("’", "'")  # which makes "ss" of "ß"
    return _IN.search(_OUT.sub(" ", words)) is not None
