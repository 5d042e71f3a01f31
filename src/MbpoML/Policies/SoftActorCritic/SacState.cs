using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;
using MbpoML.Numerics.Scaling;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Policies.SoftActorCritic;

/// <summary>All that an SAC learner must keep from one update to the next: parameters, targets, Adam's moments, α and the random stream.</summary>
internal sealed class SacState : IDisposable
{
    private const string RewardScaleState = "reward-scale", NoiseState = "noise";

    private readonly Tensor[] _views;
    private readonly bool _normalizesRewards;

    public SacState(SacSettings settings, int seed, Device device)
    {
        (Device, RewardScale, _normalizesRewards) = (device, settings.RewardScale, settings.NormalizeRewards);
        using (var weights = new Generator((ulong)Seeds.Derive(seed, "weights")))
        {
            Actor = Place(settings.Actor.Initialize(1, weights), device);
            Critics = Place(settings.Critic.Initialize(2, weights), device);
        }
        Targets = Critics.clone().DetachFromDisposeScope();
        Observations = new Standardizer(settings.Layout.ObservationSize, device);
        LogAlpha = Place(tensor([(float)Math.Log(settings.EntropyCoefficient ?? 1)]), device);
        _views = [View(Actor, 0), View(Critics, 0), View(Critics, 1)];
        ActorOptimizer = new FlatAdam(_views[0], settings.ActorLearningRate ?? settings.LearningRate);
        CriticOptimizers = [new FlatAdam(_views[1], settings.LearningRate), new FlatAdam(_views[2], settings.LearningRate)];
        AlphaOptimizer = new FlatAdam(LogAlpha, settings.EntropyLearningRate ?? settings.LearningRate);
        Noise = NormalStream.Create(Seeds.Derive(seed, "noise"), device);
    }

    public Device Device { get; }

    /// <summary>[1, parameters]</summary>
    public Tensor Actor { get; }

    /// <summary>[2, parameters]: the twin critics.</summary>
    public Tensor Critics { get; }

    /// <summary>[2, parameters]: the slowly following copies that the critics' target is made of.</summary>
    public Tensor Targets { get; }

    /// <summary>How observations reach the networks; the identity unless they are standardised.</summary>
    public Standardizer Observations { get; }

    /// <summary>What rewards are multiplied with.</summary>
    public double RewardScale { get; set; }

    /// <summary>log α, [1]</summary>
    public Tensor LogAlpha { get; }

    /// <summary>What the actor's learning rate is multiplied with, for rates that decay; set before each update, and no part of what is saved.</summary>
    public double ActorRateFactor { get; set; } = 1;

    public FlatAdam ActorOptimizer { get; }

    /// <summary>One a critic, so that two workers can take one step each.</summary>
    public IReadOnlyList<FlatAdam> CriticOptimizers { get; }

    public FlatAdam AlphaOptimizer { get; }

    /// <summary>Draws the noise of the actions inside an update.</summary>
    public NormalStream Noise { get; }

    /// <summary>Writes everything.</summary>
    public void Save(IStateWriter to)
    {
        using var scope = NewDisposeScope();
        foreach (var (name, value) in Parameters()) to.Add(name, value);
        foreach (var (name, optimizer) in Optimizers())
        {
            to.Add($"{name}.first-moment", optimizer.FirstMoment);
            to.Add($"{name}.second-moment", optimizer.SecondMoment);
            to.Add($"{name}.steps", optimizer.StepCount);
        }

        if (_normalizesRewards) to.Add(RewardScaleState, [RewardScale]);
        to.Add(NoiseState, Noise.GetState());
    }

    /// <summary>Goes on from what <see cref="Save"/> of a state of the same sizes wrote.</summary>
    /// <remarks>On another kind of device the noise goes on from its own seed: CPU and CUDA draw from different streams.</remarks>
    /// <exception cref="CheckpointException">A value is missing, has another shape or type, or makes no sense; nothing is changed then.</exception>
    public void Restore(IStateReader from)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        // All is looked up before anything changes.
        var parameters = Parameters().Select(own => (own.Tensor, Saved: from.Tensor(own.Name, ScalarType.Float32, own.Tensor.shape))).ToArray();
        var optimizers = Optimizers().Select(
            own => (own.Optimizer, First: Moment(own, "first-moment"), Second: Moment(own, "second-moment"), Steps: from.Count($"{own.Name}.steps"))).ToArray();
        var noise = Noise.GetState();
        var saved = from.Tensor(NoiseState);
        var stream = saved.dtype != noise.dtype ? noise : from.Tensor(NoiseState, noise.dtype, noise.shape);
        var rewardScale = _normalizesRewards ? RestoredScale(from) : RewardScale;

        // The only other one that looks at values.
        SetNoise(from, stream);
        RewardScale = rewardScale;
        foreach (var (own, value) in parameters) own.copy_(value);
        foreach (var (own, first, second, steps) in optimizers) own.SetState(first, second, steps);

        Tensor Moment((string Name, FlatAdam Optimizer) own, string moment) =>
            from.Tensor($"{own.Name}.{moment}", ScalarType.Float32, own.Optimizer.FirstMoment.shape);
    }

    public void Dispose()
    {
        foreach (var disposable in (IDisposable[])[
            ActorOptimizer, .. CriticOptimizers, AlphaOptimizer, .. _views, Actor, Critics, Targets, Observations, LogAlpha, Noise])
            disposable.Dispose();
    }

    private (string Name, Tensor Tensor)[] Parameters() =>
        [("actor", Actor), ("critics", Critics), ("targets", Targets), ("log-alpha", LogAlpha),
         ("observation-mean", Observations.Mean), ("observation-deviation", Observations.Deviation)];

    private (string Name, FlatAdam Optimizer)[] Optimizers() =>
        [("actor-optimizer", ActorOptimizer), ("critic-optimizer-1", CriticOptimizers[0]),
         ("critic-optimizer-2", CriticOptimizers[1]), ("alpha-optimizer", AlphaOptimizer)];

    private static double RestoredScale(IStateReader from) => from.Doubles(RewardScaleState) switch
    {
        [> 0 and < double.PositiveInfinity and var scale] => scale,
        var other => throw from.Damaged($"the reward scale of soft actor-critic is [{Listed.Of(other)}], but must be one finite number above 0"),
    };

    private void SetNoise(IStateReader from, Tensor stream)
    {
        try
        {
            Noise.SetState(stream);
        }
        catch (ArgumentException exception)
        {
            throw from.Damaged("the noise of soft actor-critic is no state of a random generator", exception);
        }
    }

    // The flat parameters of one network, sharing memory.
    private static Tensor View(Tensor networks, int index) => networks.select(0, index).DetachFromDisposeScope();

    private static Tensor Place(Tensor tensor, Device device)
    {
        using var source = tensor;
        return source.to(device, copy: true).DetachFromDisposeScope();
    }
}
