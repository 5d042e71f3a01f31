using MbpoML.Acting;
using MbpoML.Components;
using MbpoML.Environments;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Numerics.Scaling;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.SoftActorCritic.Fused;
using MbpoML.Saving;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Policies.SoftActorCritic;

/// <summary>
/// Soft actor-critic on tensors: twin critics, a squashed-Gaussian actor and a learned entropy coefficient. One learner belongs to one run and one thread at
/// a time.
/// </summary>
internal sealed partial class SacLearner : IMinibatchLearner, ISaved, IGuardedLearner, IModelBasedLearner, IObservationScaling, IDecayingActor,
    IScaledLearner
{
    // Rows drawn at once: their activations stay in the processor's cache.
    private const int BlockRows = 512;

    // Of a discount of 1, whose values have no end.
    private const double LeastEnding = 1e-3;

    private readonly ComponentContext _context;
    private readonly SacSettings _settings;
    private readonly ActionScaling _scaling;
    private readonly ISacUpdate _update;
    private readonly ExclusiveUse _use = new("The policy learner");
    private readonly Companion? _companion;
    private readonly SacGuard _guard;
    private readonly ValueExpansion? _expansion;
    private readonly Func<Tensor, Tensor> _head;
    private readonly double[] _sums = new double[SacMetrics.Names.Count];
    private ImaginedEnvironment? _imagined;
    private Tensor? _noise;
    private Tensor? _standardized;
    private long _updatesSinceMetrics;
    private long _updatesSinceCheck;

    /// <param name="context">Where transformers made of this learner belong.</param>
    /// <param name="settings">Sizes and hyper-parameters.</param>
    /// <param name="seed">Decides the first weights and every draw inside the updates.</param>
    /// <param name="device">Where everything stands and runs.</param>
    /// <param name="acceleration">Which implementation of the update runs.</param>
    /// <param name="workers">Threads of the fast path: 1 or 2.</param>
    public SacLearner(ComponentContext context, SacSettings settings, int seed, Device device, Acceleration acceleration = Acceleration.Auto, int workers = 1)
    {
        (_context, _settings) = (context, settings);
        _scaling = new ActionScaling(settings.ActionSpace, device);
        State = new SacState(settings, seed, device);
        (_guard, _head) = (new SacGuard(settings, State, _scaling), Head);
        _update = RunsFused(acceleration, device.type)
            ? new FusedSacUpdate(settings, State, _scaling, workers)
            : new ReferenceSacUpdate(settings, State, _scaling);
        if (IsFused) _companion = new Companion(workers);
        if (settings.ValueExpansionSteps > 0) _expansion = new ValueExpansion(settings, seed);
    }

    public SacState State { get; }

    /// <summary>Whether the fast path runs.</summary>
    public bool IsFused => _update is FusedSacUpdate;

    public int ObservationSize => _settings.Layout.ObservationSize;

    public BoxSpace ActionSpace => _settings.ActionSpace;

    public Device Device => State.Device;

    public bool ScalesObservations => _settings.StandardizeObservations;

    public ObservationScale? ObservationScale =>
        ScalesObservations && State.ActorOptimizer.StepCount > 0 ? new ObservationScale(State.Observations.Mean, State.Observations.Deviation) : null;

    public bool NeedsModel => _expansion is not null;

    public void UseModel(ImaginedEnvironment imagined) => _imagined = imagined;

    public void ScaleActorRate(double factor) => State.ActorRateFactor = factor;

    public Tensor Act(Tensor observation)
    {
        using var turn = _use.Enter();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        TensorCheck.Matrix(observation, ObservationSize);
        return _scaling.Unscale(SquashedGaussian.Mode(Head(observation))).to(observation.device).MoveToOuterDisposeScope();
    }

    public Tensor Sample(Tensor observation, Generator generator)
    {
        using var turn = _use.Enter();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        TensorCheck.Matrix(observation, ObservationSize);
        TensorCheck.Alive(generator);
        var rows = observation.size(0);
        var noise = randn(rows, ActionSpace.Size, ScalarType.Float32, generator: generator).to(State.Device);
        if (_companion is null || rows <= BlockRows) return Draw(observation, noise).to(observation.device).MoveToOuterDisposeScope();

        // Each half takes every other block, so the result does not depend on the threads.
        var actions = empty_like(noise);
        _companion.Run(half =>
        {
            using var noGrad = no_grad();
            for (var start = half * BlockRows; start < rows; start += 2 * BlockRows)
            {
                using var scope = NewDisposeScope();
                var count = Math.Min(BlockRows, rows - start);
                actions.narrow(0, start, count).copy_(Draw(observation.narrow(0, start, count), noise.narrow(0, start, count)));
            }
        });
        return actions.MoveToOuterDisposeScope();
    }

    public IActor NewActor()
    {
        if (State.Device.type != DeviceType.CPU)
            return new TensorActor(this, (observation, noise) =>
            {
                using var turn = _use.Enter();
                return Draw(observation, noise.to(State.Device));
            });
        var row = new SacRow(_settings, State);
        return new RowActor(this, (observation, noise, action) =>
        {
            using var turn = _use.Enter();
            row.Act(observation, noise, action);
        });
    }

    public void Update(Tensor rows)
    {
        using var turn = _use.Enter();
        // Once an update: the fast path would else look for a thread in each of its phases.
        using var threads = IsFused ? TorchThreads.Use(1) : default;
        using var scope = NewDisposeScope();
        TensorCheck.Matrix(rows, _settings.Layout.Width);
        if (rows.size(0) == 0 || rows.device_type != State.Device.type)
            throw new ArgumentException(
                Invariant($"The minibatch has {rows.size(0)} rows on {rows.device}, but an update takes at least one row, on {State.Device}."), nameof(rows));
        // A GPU would have to be waited for.
        if (State.Device.type == DeviceType.CPU) TensorCheck.Finite(rows);
        var noiseRows = 2 * rows.size(0);
        if (_noise is null || _noise.size(0) != noiseRows)
        {
            _noise?.Dispose();
            _noise = empty(noiseRows, ActionSpace.Size, ScalarType.Float32, State.Device).DetachFromDisposeScope();
        }
        if (_updatesSinceCheck == 0) _guard.Observe(rows, _head);
        // The scales are taken once, before the first update.
        if (State.ActorOptimizer.StepCount == 0 && !_hasScales) FitScales(rows);
        var expanded = _expansion is null ? rows : Expand(rows);
        State.Noise.Fill(_noise);
        _update.Update(_settings.StandardizeObservations ? Standardized(expanded) : expanded, _noise);
        _updatesSinceMetrics++;
        _updatesSinceCheck++;
    }

    public void ThrowIfDiverged()
    {
        using var turn = _use.Enter();
        using var scope = NewDisposeScope();
        var updates = _updatesSinceCheck;
        if (updates > 0) _guard.Check(CollectSums(), updates);
    }

    public IReadOnlyDictionary<string, double> TakeMetrics()
    {
        using var turn = _use.Enter();
        using var scope = NewDisposeScope();
        var updates = _updatesSinceMetrics;
        if (updates == 0) return new Dictionary<string, double>();
        _updatesSinceMetrics = 0;
        CollectSums();
        var metrics = SacMetrics.Names.Zip(_sums).ToDictionary(metric => metric.First, metric => metric.Second / updates);
        Array.Clear(_sums);
        return metrics;
    }

    public PolicyTransformer ToTransformer() => new(_context, ToParameters());

    /// <summary>The actor's numbers, copied; after a fault those of the last actor that was sound.</summary>
    public ActorParameters ToParameters()
    {
        using var turn = _use.Enter();
        using var onCpu = _guard.Actor.cpu();
        var flat = onCpu.data<float>().ToArray();
        var shape = _settings.Actor;
        FoldObservationScales(flat);
        var layers = Enumerable.Range(0, shape.Layers).ToArray();
        return new ActorParameters(
            ObservationSize,
            ActionSpace,
            [.. layers.Select(layer => flat[shape.WeightOffset(layer)..shape.BiasOffset(layer)])],
            [.. layers.Select(layer => flat.AsSpan(shape.BiasOffset(layer), shape.Out(layer)).ToArray())],
            (SquashedGaussian.LogStandardDeviationLow, SquashedGaussian.LogStandardDeviationHigh));
    }

    public void Dispose()
    {
        if (!_use.End()) return;
        _companion?.Dispose();
        _expansion?.Dispose();
        _update.Dispose();
        _noise?.Dispose();
        _standardized?.Dispose();
        _scaling.Dispose();
        _guard.Dispose();
        State.Dispose();
    }

    internal static bool RunsFused(Acceleration acceleration, DeviceType device) => acceleration == Acceleration.Auto && device == DeviceType.CPU;

    // What the updates since the last call measured, which also enters the metrics.
    private double[] CollectSums()
    {
        _updatesSinceCheck = 0;
        var sums = _update.TakeSums();
        for (var metric = 0; metric < sums.Length; metric++) _sums[metric] += sums[metric];
        return sums;
    }

    private Tensor Expand(Tensor rows)
    {
        _expansion!.RewardScale = State.RewardScale;
        return _expansion.Expand(
            rows, State.ActorOptimizer.StepCount, _imagined is { } imagined ? (state, action, generator) => imagined.Step(state, action, generator)
                : throw new InvalidOperationException("ValueExpansionSteps is above 0, but there is no dynamics model: train with rl.Mbpo, which has one."),
                _head, _scaling, State.LogAlpha);
    }

    // Actions in the environment's units, from standard normal noise.
    private Tensor Draw(Tensor observation, Tensor noise) => _scaling.Unscale(SquashedGaussian.Sample(Head(observation), noise).Action);

    // [batch, 2·action]: means and log standard deviations before the squashing.
    private Tensor Head(Tensor observation)
    {
        var input = observation.to(State.Device);
        if (_settings.StandardizeObservations) input = State.Observations.Apply(input);
        return _settings.Actor.Forward(State.Actor, input.unsqueeze(0)).squeeze(0);
    }
}
