"""Words of English that name no subject."""

# A question of these alone is about what was asked before.
SUBJECTLESS = frozenset(
    """
a about again agree agrees all also always am an and any anyone anything are aren as at be because been being believe
believes best both but by can claim claimed claims clarify come comparison continue contrast could couldn did didn
disagree disagreed disagrees do does doesn doing don each either elaborate else even ever exactly example examples
explain far few first for from further give go going had has hasn have haven he her here him his how i if in instead is
isn it its just know last long many may maybe me mean means meant might mine more most much must my never new next no
nor not now of often ok okay on one ones only or other others our out over please possible quite rather really reason
reasons right said same say saying says second should shouldn since so some someone soon source sources still such sure
tell than that the their them then there these they thing things think thinks this those though to too true until up us
use very was wasn way we well were weren what when where whether which while who whom whose why will with without won
worse would wouldn wrong yes yet you your
""".split()
)
