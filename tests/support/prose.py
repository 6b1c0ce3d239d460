"""Essays for the tests: plain English sentences drawn by a seed, so that two essays share hardly a sentence.

Each essay keeps to a subject of its own, which its title names. The same seed always writes the same essay.
"""

import random

SUBJECTS = """tidal mills, rooftop bees, night trains, paper maps, city wells, salt roads, glass harbours, winter
markets, stone bridges, lamp posts, ferry timetables, weather kites, orchard walls, canal locks, clock towers,
reading rooms, bread ovens, radio masts, post offices, cable cars, seed vaults, river gauges, bell foundries, chalk
pits, garden sheds, printing presses, fog signals, village halls, wind pumps, repair shops, school kitchens, toll
houses, rope walks, ice houses, tram depots, field kitchens, bird hides, slate quarries, peat bogs, film archives"""
WHO = """Their keepers; Most engineers; The town council; Older neighbours; A small co-operative; The people who use
them; Critics; Two surveyors; Every apprentice; The ministry; Volunteers; An early report; Their owners; Visiting
students; The insurers; Local papers; A retired builder; The first users; Some economists; The night shift"""
SAYS = """argue that; learned that; often forget that; wrote down that; doubt that; have shown that; still hope that;
were told that; measured that; could not believe that; remember that; now accept that; concluded that; suspect that"""
WHAT = """{s} cost less to mend than to replace; {s} outlast the plans that were made for them;
{s} need a second pair of hands; {s} may return sooner than anybody expects; {s} fail slowly and without a sound;
{s} depend on a habit rather than a rule; {s} were never meant to be copied; {s} work best when they are shared;
{s} take {n} days to learn and {m} years to understand; {s} lost {n} percent of their users in {m} months;
only {n} of the {m} known {s} are in use; {s} grew by {n} percent while nobody was counting;
{s} pay for themselves after {n} winters; {s} carry {n} times what they carried {m} years ago"""
WHERE = """along the northern coast; in the old quarter; behind the station; on the islands; beyond the ring road;
under the new law; after the second flood; before the census; during a long summer; in towns of that size;
where the river bends; with hardly any money; without a single permit; outside the capital; at the edge of the map"""
WHY = """because nobody else had kept a record; although the figures are thin; which is why the debate goes on;
and the same may hold elsewhere; but the cheapest answer was tried last; as long as somebody is paid to look;
even where the ground is poor; since a spare part is a kind of promise; so the next decade could look different;
and that surprised all of them; though a colder year would tell more; until the last of the old contracts ends"""


PARTS = [[" ".join(choice.split()) for choice in part.split(";")] for part in (WHO, SAYS, WHAT, WHERE, WHY)]


class Writer:
    """Writes by a seed: `subject`, `title`, and as many paragraphs as are asked for."""

    def __init__(self, seed: int | str) -> None:
        self._chance = random.Random(f"essay {seed}")  # noqa: S311  no secret
        first, second = self._chance.sample([" ".join(s.split()) for s in SUBJECTS.split(",")], 2)
        self.subject = first
        asked = ("What {a} teach us about {b}", "Notes on {a} and {b}", "The quiet return of {a}, and of {b}")
        self.title = f"{self._chance.choice(asked).format(a=first, b=second)} {self._chance.choice(PARTS[3])}"
        self.subtitle = self.sentence()

    def sentence(self) -> str:
        who, says, what, where, why = (self._chance.choice(part) for part in PARTS)
        n = self._chance.randint(2, 60)
        m = n + self._chance.randint(1, 38)
        return f"{who} {says} {what.format(s=self.subject, n=n, m=m)} {where}, {why}."

    def paragraph(self, sentences: int = 5) -> str:
        return " ".join(self.sentence() for _ in range(sentences))

    def paragraphs(self, count: int = 5) -> tuple[str, ...]:
        return tuple(self.paragraph() for _ in range(count))
