"""Names -> the metrics of one stage: those that our functions write, and AWS's of its resources."""

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigwv2
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs

from stacks.functions.python_function import PythonFunction
from stacks.stage.config import StageConfig

SUM = "Sum"
MAXIMUM = "Maximum"
MINIMUM = "Minimum"
MEDIAN = "p50"
NEARLY_ALL = "p99"
FIVE_MINUTES = cdk.Duration.minutes(5)
HOUR = cdk.Duration.hours(1)


class StageMetrics:
    """The metrics of a stage; every function of ours writes its name and stage with each."""

    def __init__(self, config: StageConfig) -> None:
        self.stage = config.stage
        self.namespace = config.metrics_namespace

    def own(
        self,
        service: str,
        name: str,
        statistic: str = SUM,
        *,
        period: cdk.Duration = FIVE_MINUTES,
        **dimensions: str,
    ) -> cloudwatch.Metric:
        """Return a metric of ours.

        Args:
            service: The function that writes it.
            name: As the function writes it.
            statistic: Over one period.
            period: That period.
            dimensions: Others than service and stage.
        """
        return cloudwatch.Metric(
            namespace=self.namespace,
            metric_name=name,
            dimensions_map={"service": service, "stage": self.stage, **dimensions},
            statistic=statistic,
            period=period,
            label=" ".join((name, *dimensions.values())),
        )

    def each(self, service: str, dimension: str) -> cloudwatch.MathExpression:
        """Return every metric that a function writes by one more dimension, for a dashboard.

        An alarm cannot search ("Using search expressions in graphs", Amazon CloudWatch user guide).
        """
        schema = f"{{{self.namespace},{dimension},service,stage}}"
        return cloudwatch.MathExpression(
            expression=f"SEARCH('{schema} service=\"{service}\" stage=\"{self.stage}\"', 'Sum')",
            using_metrics={},
            label="",
            period=FIVE_MINUTES,
        )


def of_function(
    function: PythonFunction,
    name: str,
    statistic: str = SUM,
    *,
    period: cdk.Duration = FIVE_MINUTES,
    label: str | None = None,
) -> cloudwatch.Metric:
    """Return one of Lambda's metrics of a function ("Types of metrics for Lambda functions")."""
    return cloudwatch.Metric(
        namespace="AWS/Lambda",
        metric_name=name,
        dimensions_map={"FunctionName": function.function.function_name},
        statistic=statistic,
        period=period,
        label=label or f"{name} {statistic}",
    )


def of_log(group: logs.LogGroup, name: str) -> cloudwatch.Metric:
    """Return one of CloudWatch Logs' metrics of a log ("Monitoring with CloudWatch metrics")."""
    return cloudwatch.Metric(
        namespace="AWS/Logs",
        metric_name=name,
        dimensions_map={"LogGroupName": group.log_group_name},
        statistic=SUM,
        period=FIVE_MINUTES,
        label=name,
    )


def of_api(api: apigwv2.HttpApi, name: str, statistic: str = SUM) -> cloudwatch.Metric:
    """Return one of API Gateway's metrics of an API ("Work with metrics for HTTP APIs")."""
    return cloudwatch.Metric(
        namespace="AWS/ApiGateway",
        metric_name=name,
        dimensions_map={"ApiId": api.api_id},
        statistic=statistic,
        period=FIVE_MINUTES,
        label=f"{name} {statistic}",
    )
