using MbpoML.Data.Replay;
using MbpoML.Numerics.Scaling;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Offline.Imagined;

/// <summary>By how much each output of a model varies in a log: the reward, and the change of each observation.</summary>
internal static class LogScales
{
    /// <summary>Standard deviations; 1 where something never changes.</summary>
    /// <param name="transitions">The log.</param>
    /// <returns>[1, 1 + observation], the reward first; the caller disposes it.</returns>
    public static Tensor Of(ReplayPool transitions)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (layout, rows) = (transitions.Layout, transitions.ToRows());
        var outcomes = cat([layout.Reward(rows).unsqueeze(1), layout.NextObservation(rows) - layout.Observation(rows)], 1);
        using var scale = new Standardizer(1 + layout.ObservationSize, rows.device);
        scale.FitTo(outcomes);
        return scale.Deviation.clone().MoveToOuterDisposeScope();
    }
}
