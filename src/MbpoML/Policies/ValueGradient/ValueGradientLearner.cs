using MbpoML.Acting;
using MbpoML.Components;
using MbpoML.Environments;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Numerics.Scaling;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Policies.ValueGradient.Fused;
using MbpoML.Saving;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Policies.ValueGradient;

/// <summary>
/// A policy that climbs its value through the model: short imagined steps from given states, differentiated from end to end. One learner belongs to one run and
/// one thread at a time.
/// </summary>
internal sealed partial class ValueGradientLearner : IStartStateLearner, ISaved, IGuardedLearner, IPolicyKeeper, IObservationScaling
{
    private readonly ComponentContext _context;
    private readonly ValueGradientSettings _settings;
    private readonly ActionScaling _scaling;
    private readonly IValueGradientUpdate _update;
    private readonly ExclusiveUse _use = new("The policy learner");
    private readonly ValueGradientGuard _guard;
    private readonly double[] _sums = new double[ValueGradientMetrics.Names.Count];
    private ImaginedSteps? _steps;
    // Of the critics and of the policy, since the metrics were taken and since the last check.
    private Counts _sinceMetrics, _sinceCheck;

    /// <param name="context">Where transformers made of this learner belong.</param>
    /// <param name="settings">Sizes and hyper-parameters.</param>
    /// <param name="seed">Decides the first weights and every draw inside the updates.</param>
    /// <param name="device">Where everything stands and runs.</param>
    /// <param name="acceleration">Which implementation of the update runs.</param>
    /// <param name="workers">Threads of the fast path: 1 or 2.</param>
    public ValueGradientLearner(
        ComponentContext context, ValueGradientSettings settings, int seed, Device device, Acceleration acceleration = Acceleration.Auto, int workers = 1)
    {
        (_context, _settings) = (context, settings);
        _scaling = new ActionScaling(settings.ActionSpace, device);
        State = new ValueGradientState(settings, seed, device);
        _guard = new ValueGradientGuard(settings, State);
        _update = acceleration == Acceleration.Auto && device.type == DeviceType.CPU
            ? new FusedValueGradientUpdate(settings, State, workers)
            : new ReferenceValueGradientUpdate(settings, State, _scaling);
    }

    public ValueGradientState State { get; }

    /// <summary>Whether the fast path runs.</summary>
    public bool IsFused => _update is FusedValueGradientUpdate;

    public int ObservationSize => _settings.Layout.ObservationSize;

    public BoxSpace ActionSpace => _settings.ActionSpace;

    public Device Device => State.Device;

    public int BatchSize => _settings.BatchSize;

    public bool NeedsModel => true;

    public bool ScalesObservations => true;

    public ObservationScale? ObservationScale => State.HasScales ? new ObservationScale(State.Observations.Mean, State.Observations.Deviation) : null;

    public void UseModel(ImaginedEnvironment imagined)
    {
        ArgumentNullException.ThrowIfNull(imagined);
        using var turn = _use.Enter();
        if (imagined.Propagation != Propagation.MemberEachStep)
            throw new ArgumentException(
                $"The propagation is {imagined.Propagation}, but a model is differentiated step by step: {nameof(Propagation.MemberEachStep)} is needed.",
                nameof(imagined));
        _steps?.Dispose();
        _steps = new ImaginedSteps(imagined, _settings);
    }

    public void Look(Tensor rows)
    {
        using var turn = _use.Enter();
        TensorCheck.Matrix(rows, _settings.Layout.Width);
        if (rows.size(0) == 0) throw new ArgumentException("There are no rows, but scales need at least one.", nameof(rows));
        if (rows.device_type == DeviceType.CPU) TensorCheck.Finite(rows);
        State.FitScales(_settings.Layout.Observation(rows), _settings.ScaleTolerance, _settings.KeepsFunctions, _guard.SoundActor);
    }

    public void Update(Tensor observations) => Update(observations, learnsPolicy: true);

    public void UpdateCritics(Tensor observations) => Update(observations, learnsPolicy: false);

    public void KeepPolicy()
    {
        using var turn = _use.Enter();
        State.KeepActor(State.Actor);
    }

    public Tensor Act(Tensor observation)
    {
        using var turn = _use.Enter();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        TensorCheck.Matrix(observation, ObservationSize);
        return _scaling.Unscale(SoftplusGaussian.Mode(Head(State.ActingActor, observation))).to(observation.device).MoveToOuterDisposeScope();
    }

    public Tensor Sample(Tensor observation, Generator generator)
    {
        using var turn = _use.Enter();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        TensorCheck.Matrix(observation, ObservationSize);
        TensorCheck.Alive(generator);
        var noise = randn(observation.size(0), ActionSpace.Size, ScalarType.Float32, generator: generator);
        return Draw(observation, noise).to(observation.device).MoveToOuterDisposeScope();
    }

    public IActor NewActor()
    {
        if (State.Device.type != DeviceType.CPU)
            return new TensorActor(this, (observation, noise) =>
            {
                using var turn = _use.Enter();
                return Draw(observation, noise);
            });
        var row = new ValueGradientRow(_settings, State);
        return new RowActor(this, (observation, noise, action) =>
        {
            using var turn = _use.Enter();
            row.Act(observation, noise, action);
        });
    }

    public void ThrowIfDiverged()
    {
        using var turn = _use.Enter();
        using var scope = NewDisposeScope();
        var since = _sinceCheck;
        if (since.Critics > 0) _guard.Check(CollectSums(), since.Critics, since.Policy);
    }

    public IReadOnlyDictionary<string, double> TakeMetrics()
    {
        using var turn = _use.Enter();
        CollectSums();
        var metrics = new Dictionary<string, double>();
        for (var metric = 0; metric < _sums.Length; metric++)
        {
            var updates = metric < ValueGradientMetrics.OfCritics ? _sinceMetrics.Critics : _sinceMetrics.Policy;
            if (updates > 0) metrics.Add(ValueGradientMetrics.Names[metric], _sums[metric] / updates);
        }

        _sinceMetrics = default;
        Array.Clear(_sums);
        return metrics;
    }

    public PolicyTransformer ToTransformer() => new(_context, ToParameters());

    /// <summary>The numbers of the actor that acts, copied; after a fault those of the last actor that was sound.</summary>
    public ActorParameters ToParameters()
    {
        using var turn = _use.Enter();
        using var onCpu = _guard.Actor.cpu();
        var flat = onCpu.data<float>().ToArray();
        var shape = _settings.Actor;
        FoldObservationScales(flat);
        var layers = Enumerable.Range(0, shape.Layers).ToArray();
        return ActorParameters.WithSoftplusDeviation(
            ObservationSize,
            ActionSpace,
            [.. layers.Select(layer => flat[shape.WeightOffset(layer)..shape.BiasOffset(layer)])],
            [.. layers.Select(layer => flat.AsSpan(shape.BiasOffset(layer), shape.Out(layer)).ToArray())],
            ActorActivation.Silu);
    }

    public void Dispose()
    {
        if (!_use.End()) return;
        _steps?.Dispose();
        _update.Dispose();
        _scaling.Dispose();
        _guard.Dispose();
        State.Dispose();
    }

    private void Update(Tensor observations, bool learnsPolicy)
    {
        using var turn = _use.Enter();
        // Once an update: the fast path would else look for a thread in each of its phases.
        using var threads = IsFused ? TorchThreads.Use(1) : default;
        using var scope = NewDisposeScope();
        TensorCheck.Matrix(observations, ObservationSize);
        if (observations.size(0) != BatchSize || observations.device_type != State.Device.type)
            throw new ArgumentException(
                Invariant($"There are {observations.size(0)} start states on {observations.device}, but an update takes {BatchSize}, on {State.Device}."),
                nameof(observations));
        // A GPU would have to be waited for.
        if (State.Device.type == DeviceType.CPU) TensorCheck.Finite(observations);
        if (_steps is null)
            throw new InvalidOperationException(
                "There is no dynamics model, but the value gradient learns through one: give it to UseModel first, or train with rl.Mbpo, which has one.");
        if (!State.HasScales)
            throw new InvalidOperationException("The scales of observations are not known yet: call Look with real transitions before the first update.");
        _steps.Follow();
        if (_sinceCheck.Critics == 0) _guard.Observe(observations);
        _update.Update(observations, _steps, learnsPolicy);
        (_sinceMetrics, _sinceCheck) = (_sinceMetrics.Next(learnsPolicy), _sinceCheck.Next(learnsPolicy));
    }

    // What the updates since the last call measured, which also enters the metrics.
    private double[] CollectSums()
    {
        _sinceCheck = default;
        var sums = _update.TakeSums();
        for (var metric = 0; metric < sums.Length; metric++) _sums[metric] += sums[metric];
        return sums;
    }

    // x·W + b with x = (o - mean) / deviation is o·W' + b' with the first layer's W' = W / deviation and b' = b - mean·W'.
    private void FoldObservationScales(float[] actor)
    {
        using var scope = NewDisposeScope();
        var (mean, deviation) = (State.Observations.Mean.cpu().data<float>().ToArray(), State.Observations.Deviation.cpu().data<float>().ToArray());
        var (units, weights, biases) = (_settings.Actor.Out(0), _settings.Actor.WeightOffset(0), _settings.Actor.BiasOffset(0));
        for (var unit = 0; unit < units; unit++)
        {
            var bias = (double)actor[biases + unit];
            for (var input = 0; input < ObservationSize; input++)
            {
                var weight = weights + (input * units) + unit;
                actor[weight] /= deviation[input];
                bias -= (double)mean[input] * actor[weight];
            }

            actor[biases + unit] = (float)bias;
        }
    }

    private Tensor Draw(Tensor observation, Tensor noise) => _update is FusedValueGradientUpdate fused
        ? fused.Sample(observation, noise)
        : _scaling.Unscale(SoftplusGaussian.Sample(Head(State.Actor, observation), noise.to(State.Device)).Action);

    // [batch, 2·action]: means and raw deviations before the squashing.
    private Tensor Head(Tensor actor, Tensor observation) =>
        _settings.Actor.Forward(actor, State.Observations.Apply(observation.to(State.Device)).unsqueeze(0)).squeeze(0);

    /// <summary>Numbers of updates.</summary>
    /// <param name="Critics">The updates of the critics, with or without the policy.</param>
    /// <param name="Policy">The updates of both.</param>
    private readonly record struct Counts(long Critics, long Policy)
    {
        public Counts Next(bool learnsPolicy) => new(Critics + 1, Policy + (learnsPolicy ? 1 : 0));
    }
}
