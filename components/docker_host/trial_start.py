from collections.abc import Mapping

from pulumi import Output

from preflight.trial import Trial, trial_problem
from stacks.rules.refusal import end


def image_after_trial(environment: Mapping[str, str], image_id: Output[str], trial: Trial) -> Output[str]:
    """The image id, once a trial container has started. If it fails, the program ends before the old one is replaced.

    A preview can only try an image that the engine already has; `up` also tries one that it has just pulled.
    """

    def checked(image: str) -> str:
        if problem := trial_problem(environment, image, trial):
            end(str(problem))
        return image

    return image_id.apply(checked)
