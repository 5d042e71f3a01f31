using MbpoML.Numerics;
using static TorchSharp.torch;

namespace MbpoML.Policies;

/// <summary>All that an SAC learner must keep from one update to the next: parameters, targets, Adam's moments, α and the random stream.</summary>
internal sealed class SacState : IDisposable
{
    private const string RewardScaleState = "reward-scale";
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
        ActorOptimizer = new FlatAdam(_views[0], settings.LearningRate);
        CriticOptimizers = [new FlatAdam(_views[1], settings.LearningRate), new FlatAdam(_views[2], settings.LearningRate)];
        AlphaOptimizer = new FlatAdam(LogAlpha, settings.LearningRate);
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

    public FlatAdam ActorOptimizer { get; }

    /// <summary>One a critic, so that two workers can take one step each.</summary>
    public IReadOnlyList<FlatAdam> CriticOptimizers { get; }

    public FlatAdam AlphaOptimizer { get; }

    /// <summary>Draws the noise of the actions inside an update.</summary>
    public NormalStream Noise { get; }

    /// <summary>Copies of everything, on the CPU, by name; the caller disposes them.</summary>
    public IReadOnlyDictionary<string, Tensor> Capture()
    {
        using var scope = NewDisposeScope();
        var captured = new Dictionary<string, Tensor>();
        foreach (var (name, tensor) in Parameters()) captured[name] = Copy(tensor);
        foreach (var (name, optimizer) in Optimizers())
        {
            captured[$"{name}.first-moment"] = Copy(optimizer.FirstMoment);
            captured[$"{name}.second-moment"] = Copy(optimizer.SecondMoment);
            captured[$"{name}.steps"] = tensor([optimizer.StepCount]).DetachFromDisposeScope();
        }
        if (_normalizesRewards) captured[RewardScaleState] = tensor([RewardScale]).DetachFromDisposeScope();
        captured["noise"] = Noise.GetState().DetachFromDisposeScope();
        return captured;
    }

    /// <summary>Goes on from what <see cref="Capture"/> of a state of the same sizes gave.</summary>
    /// <remarks>On another kind of device the noise goes on from its own seed: CPU and CUDA draw from different streams.</remarks>
    /// <exception cref="ArgumentException">A tensor is missing, or has another shape or type.</exception>
    public void Restore(IReadOnlyDictionary<string, Tensor> captured)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var saved = new SavedState(captured, "soft actor-critic");
        // All is looked up before anything changes.
        var parameters = Parameters().Select(own => (own.Tensor, Saved: saved.Get(own.Name, ScalarType.Float32, own.Tensor.shape))).ToArray();
        var optimizers = Optimizers().Select(own => (own.Optimizer, First: Moment(own, "first-moment"), Second: Moment(own, "second-moment"), Steps: saved.Count($"{own.Name}.steps"))).ToArray();
        var noise = Noise.GetState();
        var stream = captured.TryGetValue("noise", out var other) && other.dtype != noise.dtype ? noise : saved.Get("noise", noise.dtype, noise.shape);

        var rewardScale = _normalizesRewards ? saved.Get(RewardScaleState, ScalarType.Float64, [1]).data<double>()[0] : RewardScale;
        if (!double.IsFinite(rewardScale) || rewardScale <= 0)
            throw new ArgumentException(FormattableString.Invariant($"The saved soft actor-critic has the reward scale {rewardScale}, but it must be a finite number above 0."), nameof(captured));

        // The only other one that looks at values.
        Noise.SetState(stream);
        RewardScale = rewardScale;
        foreach (var (own, value) in parameters) own.copy_(value);
        foreach (var (own, first, second, steps) in optimizers) own.SetState(first, second, steps);

        Tensor Moment((string Name, FlatAdam Optimizer) own, string moment) => saved.Get($"{own.Name}.{moment}", ScalarType.Float32, own.Optimizer.FirstMoment.shape);
    }

    public void Dispose()
    {
        foreach (var disposable in (IDisposable[])[ActorOptimizer, .. CriticOptimizers, AlphaOptimizer, .. _views, Actor, Critics, Targets, Observations, LogAlpha, Noise])
            disposable.Dispose();
    }

    private (string Name, Tensor Tensor)[] Parameters() =>
        [("actor", Actor), ("critics", Critics), ("targets", Targets), ("log-alpha", LogAlpha),
         ("observation-mean", Observations.Mean), ("observation-deviation", Observations.Deviation)];

    private (string Name, FlatAdam Optimizer)[] Optimizers() =>
        [("actor-optimizer", ActorOptimizer), ("critic-optimizer-1", CriticOptimizers[0]),
         ("critic-optimizer-2", CriticOptimizers[1]), ("alpha-optimizer", AlphaOptimizer)];

    private static Tensor Copy(Tensor tensor) => tensor.detach().to(CPU, copy: true).DetachFromDisposeScope();

    // The flat parameters of one network, sharing memory.
    private static Tensor View(Tensor networks, int index) => networks.select(0, index).DetachFromDisposeScope();

    private static Tensor Place(Tensor tensor, Device device)
    {
        using var source = tensor;
        return source.to(device, copy: true).DetachFromDisposeScope();
    }
}
