using MbpoML.Tests.Fakes;
using MbpoML.Training.Metrics;
using static TorchSharp.torch;

namespace MbpoML.Tests.Training.Watches;

/// <content>Promises and models that are no good.</content>
public partial class ReturnWatchTests
{
    [Test]
    public void A_promise_that_is_no_number_is_told_and_counts_in_no_mean()
    {
        var lines = new List<string>();
        // Every second rollout; 16 rows are the watch's, 500 those of the training.
        var report = Train(lines, preset =>
            preset.Trainer.Reward = Promise(next => where(arange(Watched).remainder(2).eq(0), full_like(next, float.PositiveInfinity), 1 - next.abs())));
        Assert.Multiple(() =>
        {
            foreach (var epoch in report.History)
            {
                Assert.That(epoch.Values[MetricNames.ModelReturnDiverged], Is.EqualTo(0.5));
                Assert.That(epoch.Values[MetricNames.ModelReturnExcess], Is.EqualTo(0).Within(1e-3));
                Assert.That(epoch.Values[MetricNames.ModelExploitation], Is.Zero);
            }

            Assert.That(lines.Count(line => line.Contains("leaves the range of numbers", StringComparison.Ordinal)), Is.EqualTo(1), string.Join('\n', lines));
        });
    }

    [Test]
    public void Promises_of_which_none_is_a_number_leave_only_that()
    {
        var lines = new List<string>();
        var report = Train(lines, preset => preset.Trainer.Reward = Promise(next => full_like(next, float.NaN)));
        Assert.Multiple(() =>
        {
            Assert.That(report.History.Select(epoch => epoch.Values[MetricNames.ModelReturnDiverged]), Is.All.EqualTo(1));
            Assert.That(report.History.SelectMany(epoch => epoch.Values.Keys),
                Has.None.EqualTo(MetricNames.ModelReturnMean).And.None.EqualTo(MetricNames.ModelExploitation));
            Assert.That(lines.Count(line => line.Contains("leaves the range of numbers", StringComparison.Ordinal)), Is.EqualTo(1), string.Join('\n', lines));
        });
    }

    [TestCase(1e-4f, 0)]
    [TestCase(0.5f, 1)]
    public void Where_the_environment_gives_nothing_the_rewards_of_the_data_are_the_scale(float promised, int expected)
    {
        var lines = new List<string>();
        // The random steps had rewards of one, the evaluations have none.
        using var environment = new HookedLineEnvironment { OnStep = (step, result) => result with { Reward = step <= 50 ? 1 : 0 } };
        var report = Train(lines,
            preset => (preset.Trainer.Reward, preset.Trainer.ModelReturnSteps) = (Promise(next => full_like(next, promised)), 1), environment);
        Assert.Multiple(() =>
        {
            Assert.That(report.History.Select(epoch => epoch.Values[MetricNames.ModelReturnExcess]), Is.All.EqualTo(promised).Within(1e-6));
            Assert.That(report.History.Select(epoch => epoch.Values[MetricNames.ModelExploitation]), Is.All.EqualTo(expected));
        });
    }

    [TestCase(typeof(InvalidOperationException))]
    [TestCase(typeof(OperationCanceledException))]
    public void A_model_that_fails_only_when_it_is_watched_costs_a_warning_and_no_run(Type fault)
    {
        var lines = new List<string>();
        var report = Train(lines, preset => preset.Trainer.Reward = Promise(_ => throw (Exception)Activator.CreateInstance(fault, "out of its depth")!));
        Assert.Multiple(() =>
        {
            Assert.That(report.Steps, Is.EqualTo(300));
            Assert.That(report.History.SelectMany(epoch => epoch.Values.Keys), Has.None.StartsWith("model/return"));
            Assert.That(lines.Count(line => line.Contains("could not be measured", StringComparison.Ordinal)), Is.EqualTo(3), string.Join('\n', lines));
        });
    }
}
