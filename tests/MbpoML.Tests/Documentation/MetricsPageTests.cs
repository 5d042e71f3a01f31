using System.Reflection;
using MbpoML.Dynamics.Latent;
using MbpoML.Imagination.Gates;
using MbpoML.Dynamics.Metrics;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Policies.ValueGradient;
using MbpoML.Training.Metrics;

namespace MbpoML.Tests.Documentation;

/// <summary>docs/metrics.md tells of every metric there is, and of no other.</summary>
[Category("Text")]
public class MetricsPageTests
{
    [Test]
    public void Every_metric_is_documented_and_nothing_else()
    {
        var documented = Page.Rows(Page.Named("metrics.md").Text).Select(cells => cells[0].Trim('`'));
        Assert.That(documented, Is.EquivalentTo(
            [.. Constants(typeof(MetricNames)), .. Constants(typeof(DynamicsMetricNames)),
                .. Constants(typeof(LatentMetricNames)), .. Constants(typeof(GateMetricNames)),
                ..  SacMetrics.Names.Union(ValueGradientMetrics.Names)]));
    }

    private static IEnumerable<string> Constants(Type names) =>
        names.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);
}
