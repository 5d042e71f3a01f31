using System.Diagnostics;
using MbpoML.Acting;
using MbpoML.Algorithms.Offline;
using MbpoML.Algorithms.Offline.Verdicts;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using Microsoft.ML;
using static System.FormattableString;

namespace MbpoML.Benchmarks.Offline;

/// <summary>Judges policies from a log alone, and measures each of them in a simulator where there is one.</summary>
internal sealed class VerdictStudy : IDisposable
{
    private const double Discount = 0.95;

    private readonly IDataView _log;
    private readonly IEnvironment? _environment;
    private readonly int _seed, _episodes;
    private readonly IReadOnlyList<int> _setPoints;
    private readonly ITerminationFunction? _termination;
    private readonly OfflineJudge _judge;
    private readonly RealWorth? _cloned;
    private readonly List<IDisposable> _owned = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <param name="log">Transitions.</param>
    /// <param name="environment">Its simulator; null: there is none. Stays the caller's.</param>
    /// <param name="seed">Decides everything random.</param>
    /// <param name="horizon">Steps of the returns; null: as the judge has it.</param>
    /// <param name="reward">Where it is known; null: the model learns it.</param>
    /// <param name="episodes">Episodes of a measurement in the simulator.</param>
    /// <param name="setPoints">The numbers of an observation that come from outside; null: none do.</param>
    /// <param name="termination">What ends the task; null: nothing.</param>
    public VerdictStudy(
        IDataView log, IEnvironment? environment, int seed, int? horizon = null, IRewardFunction? reward = null, int episodes = 200,
        IReadOnlyList<int>? setPoints = null, ITerminationFunction? termination = null)
    {
        (_log, _environment, _seed, _episodes, _setPoints, _termination) = (log, environment, seed, episodes, setPoints ?? [], termination);
        var options = Options(seed, horizon, reward);
        (options.SetPoints, options.Termination) = (_setPoints, _termination);
        _judge = Rl.Offline.JudgeOf(log, options, Rl.Dynamics.ProbabilisticEnsemble(Dynamics));
        _cloned = Measure(_judge.Clone);
        Tell(Invariant($"the judge is ready; its clone earns {_cloned?.Return:F1}"));
    }

    /// <summary>The clone of the log that everything is compared with.</summary>
    public IPolicy Clone => _judge.Clone;

    /// <summary>The ensemble of the judge, smaller than by default: it is fitted in a minute on one core.</summary>
    public static ProbabilisticEnsembleTrainer.Options Dynamics => new()
    {
        MemberCount = 5,
        EliteCount = 5,
        HiddenSizes = [128, 128],
        TargetNormalization = true,
        MaxHoldoutRows = 1000,
        MaxOptimizerSteps = 4000,
    };

    private ReinforcementCatalog Rl => new MLContext(_seed).Reinforcement();

    /// <summary>Fits a policy to the log.</summary>
    /// <param name="preset">The algorithm.</param>
    /// <param name="settings">Its settings, as "Options.Updates=500".</param>
    public IPolicy Fit(string preset, params ReadOnlySpan<string> settings)
    {
        var chosen = new OfflinePreset(preset);
        foreach (var setting in settings) chosen.Set(setting);
        (chosen.Options.Seed, chosen.Options.SetPoints, chosen.Options.Termination) = (_seed, _setPoints, _termination);
        var policy = Rl.Offline.Trainer(chosen).Train(_log).Policy;
        _owned.Add(policy);
        return policy;
    }

    /// <summary>Judges a policy, and measures it.</summary>
    /// <param name="name">How it was made.</param>
    /// <param name="policy">Stays the caller's.</param>
    public (JudgeReport Report, RealWorth? Real) Judge(string name, IPolicy policy)
    {
        var (report, real) = (_judge.Judge(policy), Measure(policy));
        var (distance, worth) = (report.Distance, real is null ? "" : Invariant($"; really {real.Return:F1}, discounted {real.Discounted:F2}"));
        Tell(Invariant($"{name}: {report.Verdict}; model {Text(report.Model)}, fitted Q {Text(report.FittedQ)}; outside {distance.PolicyOutside:P0} ") +
            Invariant($"(clone {distance.CloneOutside:P0}), in one dimension {(distance.Dimensions is [var first, ..] ? first.Share : 0):P0}{worth}"));
        return (report, real);
    }

    /// <summary>The same, where there is a simulator.</summary>
    public JudgedPolicy JudgeReally(string name, IPolicy policy)
    {
        var (report, real) = Judge(name, policy);
        return new JudgedPolicy(name, report, real!, _cloned!);
    }

    public void Dispose()
    {
        foreach (var policy in _owned) policy.Dispose();
        _judge.Dispose();
    }

    private static OfflineJudge.Options Options(int seed, int? horizon, IRewardFunction? reward) => new()
    {
        Horizon = horizon,
        Discount = Discount,
        FittedQUpdates = 3000,
        FittedQLearningRate = 1e-3,
        BatchSize = 128,
        CloneUpdates = 5000,
        Reward = reward,
        Seed = seed,
    };

    private RealWorth? Measure(IPolicy policy) =>
        _environment is null ? null : RealWorth.Of(policy, _environment, _episodes, seed: 7000 + _seed, Discount);

    private void Tell(string line) => Console.WriteLine(Invariant($"[{_watch.Elapsed.TotalSeconds,5:F0} s] {line}"));

    private static string Text(ComparedEstimate estimate) =>
        Invariant($"{estimate.PolicyMean:g4} (gain {estimate.Gain.Value:g3} ± {estimate.Gain.HalfWidth:g3})");
}
