using MbpoML.Algorithms.Offline;
using MbpoML.Algorithms.Offline.Verdicts;
using MbpoML.Dynamics.Ensemble;
using Microsoft.ML;

namespace MbpoML.Offline.Tests;

/// <summary>
/// A log in which the task ended needs a word about which imagined steps end it. Else policies would learn to live on behind the end, and a judge would count
/// what they earn there.
/// </summary>
public class TerminatedLogTests
{
    // The controller pushes outwards, over the edge at 2.
    private static readonly IDataView Log = LineLog.Of(episodes: 5, gain: -1, noise: 0.3);

    private static ReinforcementCatalog Rl => new MLContext(1).Reinforcement();

    private static ProbabilisticEnsembleTrainer.Options Small => new() { MemberCount = 2, EliteCount = 2, HiddenSizes = [8], MaxOptimizerSteps = 5 };

    [Test]
    public void A_method_with_a_model_asks_what_ends_the_task()
    {
        MopoTrainer.Options Options() => new() { Updates = 2, EpochLength = 2, BatchSize = 16, RolloutBatchSize = 20, ActionSpace = LineLog.Actions };
        Assert.That(
            () => Rl.Offline.Mopo(Options(), Rl.Dynamics.ProbabilisticEnsemble(Small)).Fit(Log),
            Throws.ArgumentException.With.Message.Match("\\d+ of \\d+ rows are terminated").And.Message.Contains("Options.Termination"));
        var told = Options();
        told.Termination = LineLog.Termination;
        Assert.That(() => Rl.Offline.Mopo(told, Rl.Dynamics.ProbabilisticEnsemble(Small)).Fit(Log).Dispose(), Throws.Nothing);
    }

    [Test]
    public void A_judge_asks_it_too() => Assert.That(
        () => Rl.Offline.JudgeOf(Log, new OfflineJudge.Options { CloneUpdates = 5, Horizon = 1 }, Rl.Dynamics.ProbabilisticEnsemble(Small)),
        Throws.ArgumentException.With.Message.Contains("Options.Termination"));
}
