using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Numerics.Torch;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Offline;

/// <summary>An ensemble of the laboratory, and how far its predictions are from what was recorded.</summary>
internal sealed class TclabModel : IDisposable
{
    private const int Temperatures = 2;

    private readonly IDynamicsLearner _dynamics;

    /// <param name="table">Learned from; stays the caller's.</param>
    /// <param name="seed">Decides everything random.</param>
    public TclabModel(TransitionTable table, int seed)
    {
        using var threads = TorchThreads.Use(1);
        var trainer = new MLContext(seed).Reinforcement().Dynamics.ProbabilisticEnsemble(new ProbabilisticEnsembleTrainer.Options
        {
            MemberCount = 5,
            EliteCount = 5,
            HiddenSizes = [64, 64],
            TargetNormalization = true,
            MaxOptimizerSteps = 3000,
        });
        _dynamics = ((IDynamicsEstimator)trainer).CreateLearner(table.Layout, seed, null);
        _dynamics.Fit(table.Rows, CancellationToken.None);
    }

    private IEnsembleDynamicsModel Ensemble => (IEnsembleDynamicsModel)_dynamics.Model;

    /// <summary>The mean absolute error of the temperatures after some steps with the recorded heaters, and that of who says that they stay, in °C.</summary>
    /// <param name="table">One experiment, in the order of time.</param>
    /// <param name="steps">Steps ahead.</param>
    public (double Model, double Unchanged) Error(TransitionTable table, int steps)
    {
        using var threads = TorchThreads.Use(1);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (layout, rows) = (table.Layout, table.Rows);
        var starts = rows.size(0) - steps + 1;
        var begin = layout.Observation(rows).narrow(0, 0, starts).contiguous();
        var truth = layout.NextObservation(rows).narrow(0, steps - 1, starts);
        // Each member follows its own states.
        Tensor[] told = [.. Enumerable.Range(0, Ensemble.EliteCount).Select(elite => Follow(elite, begin, layout, rows, steps))];
        return (Distance(stack(told).mean([0L]), truth), Distance(begin, truth));
    }

    public void Dispose() => _dynamics.Dispose();

    private Tensor Follow(int elite, Tensor begin, TransitionLayout layout, Tensor rows, int steps)
    {
        var state = begin;
        for (var step = 0; step < steps; step++)
        {
            var action = layout.Action(rows).narrow(0, step, begin.size(0)).contiguous();
            // The first output is the reward.
            state = Ensemble.PredictMembers(state, action).Mean.select(0, elite).narrow(1, 1, layout.ObservationSize).contiguous();
        }

        return state;
    }

    private static double Distance(Tensor told, Tensor truth) =>
        (told - truth).narrow(1, 0, Temperatures).abs().mean().item<float>();
}
