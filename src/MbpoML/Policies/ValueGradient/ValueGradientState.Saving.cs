using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Policies.ValueGradient;

/// <content>What survives a stop.</content>
internal sealed partial class ValueGradientState
{
    private const string BoundsState = "value-bounds", ScalesState = "has-scales", KeptState = "kept-actor";

    /// <summary>Writes everything.</summary>
    public void Save(IStateWriter to)
    {
        using var scope = NewDisposeScope();
        foreach (var (name, value) in Parameters()) to.Add(name, value);
        if (KeptActor is { } kept) to.Add(KeptState, kept);
        foreach (var (name, optimizer) in Optimizers())
        {
            to.Add($"{name}.first-moment", optimizer.FirstMoment);
            to.Add($"{name}.second-moment", optimizer.SecondMoment);
            to.Add($"{name}.steps", optimizer.StepCount);
        }

        to.Add(BoundsState, [Bounds.Low, Bounds.High, Bounds.IsSet ? 1 : 0]);
        to.Add(ScalesState, HasScales ? 1 : 0);
        for (var half = 0; half < Noise.Count; half++) to.Add(NoiseState(half), Noise[half].GetState());
        Streams().Save(to);
    }

    /// <summary>Goes on from what <see cref="Save"/> of a state of the same sizes wrote.</summary>
    /// <remarks>On another kind of device the noise goes on from its own seed: CPU and CUDA draw from different streams.</remarks>
    /// <exception cref="CheckpointException">A value is missing, has another shape or type, or makes no sense; the weights are not changed then.</exception>
    public void Restore(IStateReader from)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        // All is looked up before anything changes.
        var parameters = Parameters().Select(own => (own.Tensor, Saved: from.Tensor(own.Name, ScalarType.Float32, own.Tensor.shape))).ToArray();
        var kept = from.Has(KeptState) ? from.Tensor(KeptState, ScalarType.Float32, Actor.shape) : null;
        var optimizers = Optimizers().Select(
            own => (own.Optimizer, First: Moment(own, "first-moment"), Second: Moment(own, "second-moment"), Steps: from.Count($"{own.Name}.steps"))).ToArray();
        var bounds = from.Doubles(BoundsState) switch
        {
            [var low, var high, 0 or 1] found when double.IsFinite(low) && double.IsFinite(high) && low <= high => found,
            var other => throw from.Damaged($"the bounds of the values are [{Listed.Of(other)}], but must be two finite numbers in order, and 0 or 1"),
        };
        var hasScales = from.WholeNumber(ScalesState) switch
        {
            0 => false,
            1 => true,
            _ => throw from.Damaged($"'{ScalesState}' is neither 0 nor 1"),
        };
        Streams().Restore(from);
        for (var half = 0; half < Noise.Count; half++) RestoreNoise(from, half);
        Bounds.Set(bounds[0], bounds[1], bounds[2] == 1);
        HasScales = hasScales;
        foreach (var (own, value) in parameters) own.copy_(value);
        KeepActor(kept);
        foreach (var (own, first, second, steps) in optimizers) own.SetState(first, second, steps);

        Tensor Moment((string Name, FlatAdam Optimizer) own, string moment) =>
            from.Tensor($"{own.Name}.{moment}", ScalarType.Float32, own.Optimizer.FirstMoment.shape);
    }

    private (string Name, Tensor Tensor)[] Parameters() =>
    [
        ("actor", Actor), ("critics", Critics), ("targets", Targets), ("log-alpha", LogAlpha),
        ("observation-mean", Observations.Mean), ("observation-deviation", Observations.Deviation),
        .. AveragedActor is { } averaged ? [("averaged-actor", averaged)] : ((string, Tensor)[])[],
    ];

    private (string Name, FlatAdam Optimizer)[] Optimizers() =>
        [("actor-optimizer", ActorOptimizer), ("critic-optimizer", CriticOptimizer), ("alpha-optimizer", AlphaOptimizer)];

    private IEnumerable<ISaved> Streams() =>
    [
        .. Imagining.Select((generator, half) => SavedPart.Of(Invariant($"imagining-{half}"), generator)),
        .. Dropping.Select((source, half) => SavedPart.Of(Invariant($"dropping-{half}"), source)),
        SavedPart.Of("choosing", Choosing),
    ];

    private static string NoiseState(int half) => Invariant($"noise-{half}");

    private void RestoreNoise(IStateReader from, int half)
    {
        var now = Noise[half].GetState();
        var saved = from.Tensor(NoiseState(half));
        if (saved.dtype != now.dtype) return;
        try
        {
            Noise[half].SetState(from.Tensor(NoiseState(half), now.dtype, now.shape));
        }
        catch (ArgumentException exception)
        {
            throw from.Damaged("the noise of the value gradient is no state of a random generator", exception);
        }
    }
}
