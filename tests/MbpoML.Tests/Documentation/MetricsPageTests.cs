using System.Reflection;
using MbpoML.Algorithms.MeTrpo;
using MbpoML.Algorithms.Offline;
using MbpoML.Dynamics.Latent;
using MbpoML.Dynamics.Metrics;
using MbpoML.Imagination.Gates;
using MbpoML.Policies.OnPolicy;
using MbpoML.Policies.Proximal;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Policies.TrustRegion;
using MbpoML.Policies.ValueGradient;
using MbpoML.Training.Metrics;

namespace MbpoML.Tests.Documentation;

/// <summary>docs/metrics.md tells of every metric, docs/telemetry.md of every instrument, and neither of any other.</summary>
[Category("Text")]
public class MetricsPageTests
{
    [Test]
    public void Every_metric_is_documented_and_nothing_else()
    {
        var documented = Page.Rows(Page.Named("metrics.md").Text).Select(cells => cells[0].Trim('`'));
        Assert.That(documented, Is.EquivalentTo(
            [.. Constants(typeof(MetricNames)), .. Constants(typeof(DynamicsMetricNames)), .. Constants(typeof(LatentMetricNames)),
                .. Constants(typeof(GateMetricNames)), .. Constants(typeof(OfflineMetricNames)),
                .. SacMetrics.Names.Union(ValueGradientMetrics.Names).Concat(OnPolicyMetrics.Names)
                    .Concat(TrustRegionMetrics.Names.Union(ProximalMetrics.Names)).Concat(MeTrpoMetrics.Names)]));
    }

    [Test]
    public void Every_instrument_is_documented_and_nothing_else() =>
        Assert.That(
            Page.Rows(Page.Named("telemetry.md").Text).Select(cells => cells[0].Trim('`')), Is.EquivalentTo(Constants(typeof(RunTelemetry), "Instrument")));

    private static IEnumerable<string> Constants(Type names, string end = "") => names.GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral && field.Name.EndsWith(end, StringComparison.Ordinal)).Select(field => (string)field.GetRawConstantValue()!);
}
