"""Whether a stage keeps its data -> what becomes of a resource when its stack goes."""

import aws_cdk as cdk


def removal_policy(*, retain: bool) -> cdk.RemovalPolicy:
    """Return the policy of a resource that nothing else protects from being deleted.

    What is kept is kept once it was deployed: a first deployment that fails takes it away again,
    and the next one leaves no second one beside it ("DeletionPolicy attribute",
    RetainExceptOnCreate, CloudFormation user guide). A resource with deletion protection has to say
    RETAIN itself: its service refuses to delete it, and such a rollback would fail too.

    Args:
        retain: Whether the stage keeps its data.
    """
    policy = cdk.RemovalPolicy
    return policy.RETAIN_ON_UPDATE_OR_DELETE if retain else policy.DESTROY
