from collections.abc import Mapping

from pulumi import Output

from preflight.trial import Trial, trial_problem
from stacks.rules.refusal import end


def tried(environment: Mapping[str, str], image_id: Output[str], trial: Trial) -> Output[str]:
    """The image, once the engine has started such a container with it; else the program ends before the old one goes.

    A preview tries an image that the engine has already, an `up` also one that it has just pulled.
    """

    def checked(image: str) -> str:
        if problem := trial_problem(environment, image, trial):
            end(str(problem))
        return image

    return image_id.apply(checked)
