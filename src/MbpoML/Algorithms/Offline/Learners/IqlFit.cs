using MbpoML.Components;
using MbpoML.Numerics.Networks;
using MbpoML.Policies;
using MbpoML.Saving;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MbpoML.Algorithms.Offline.Learners;

/// <summary>
/// Implicit Q-learning (I. Kostrikov, A. Nair and S. Levine, arXiv:2110.06169): values of the better logged actions, and a policy that copies those. No action
/// is ever asked about that the log does not have.
/// </summary>
internal sealed class IqlFit : IOfflineAlgorithm
{
    private static readonly string[] Metrics =
        ["policy/q-loss", "policy/q-mean", "policy/policy-loss", OfflineMetricNames.ValueLoss, OfflineMetricNames.AdvantageWeight];

    private readonly ComponentContext _context;
    private readonly OfflineLog _log;
    private readonly IqlTrainer.Options _options;
    private readonly LogBatch _batch;
    private readonly TrainedNetwork _actor, _value;
    private readonly TwinCritics _critics;
    private readonly ActionPass _pass;
    private readonly ValuePass _valuePass, _nextValuePass;
    private readonly CriticWatch _watch;
    private readonly float[] _targets, _valueDelta, _actionDelta, _weights;

    /// <param name="context">Where policies belong.</param>
    /// <param name="log">Stays the caller's.</param>
    /// <param name="options">Validated.</param>
    /// <param name="seed">The seed of all random numbers.</param>
    public IqlFit(ComponentContext context, OfflineLog log, IqlTrainer.Options options, int seed)
    {
        (_context, _log, _options) = (context, log, options);
        var (observations, actions, rows, rate) = (log.Layout.ObservationSize, log.Layout.ActionSize, options.BatchSize, options.LearningRate);
        var scale = options.NormalizeRewards ? RewardScales.ByReturns(log) : 1;
        _batch = new LogBatch(log, null, rows, options.Discount, scale, options.StandardizeObservations, seed);
        _actor = new TrainedNetwork("actor", new NetworkShape(observations, options.HiddenSizes, actions, Activation.Relu), rate, seed);
        _value = new TrainedNetwork("value", new NetworkShape(observations, options.HiddenSizes, 1, Activation.Relu), rate, seed);
        _critics = new TwinCritics(new NetworkShape(observations + actions, options.HiddenSizes, 1, Activation.Relu), rate, rows, seed);
        (_pass, _valuePass, _nextValuePass) = (new ActionPass(_actor, rows), new ValuePass(_value, rows), new ValuePass(_value, rows));
        _watch = new CriticWatch(Metrics, CriticLimits.Of(log, scale, options.Discount));
        (_targets, _valueDelta, _weights, _actionDelta) = (new float[rows], new float[rows], new float[rows], new float[rows * actions]);
    }

    public string Name => "iql";

    public void Update(OfflineRun run)
    {
        _batch.Draw();
        // All from the weights before the update.
        _critics.EvaluateTargets(_batch.Input);
        _nextValuePass.Forward(_batch.NextObservation);
        _valuePass.Forward(_batch.Observation);
        OfflineLosses.AdvantageWeights(_critics.Smaller, _valuePass.Values, _options.Temperature, _options.MaxWeight, _weights);
        var valueLoss = OfflineLosses.Expectile(_critics.Smaller, _valuePass.Values, _options.Expectile, _valueDelta);
        _valuePass.Backward(_batch.Observation, _valueDelta);
        _value.Step();
        TensorPrimitives.MultiplyAdd(_batch.Continues, _nextValuePass.Values, _batch.Reward, _targets);
        var criticLoss = _critics.Learn(_batch.Input, _targets);
        _critics.MoveTargets(_options.TargetSmoothing);
        _pass.Forward(_batch.Observation);
        var actorLoss = OfflineLosses.Clone(_pass.Actions, _batch.Action, _weights, _actionDelta);
        _pass.Backward(_batch.Observation, _actionDelta);
        _actor.Step(run.Cosine);
        _watch.Add(criticLoss, _critics.Mean, actorLoss, valueLoss, TensorPrimitives.Sum<float>(_weights) / _weights.Length);
    }

    public IReadOnlyDictionary<string, double> TakeMetrics() => _watch.Take();

    public void ThrowIfDiverged() => _watch.ThrowIfDiverged();

    public PolicyTransformer ToTransformer() => new(
        _context, DeterministicActor.ToParameters(_actor.Shape, _actor.Parameters, _batch.Observations, _log.ActionSpace),
        _options.Serving);

    public void Save(IStateWriter to) => Parts.Save(to);

    public void Restore(IStateReader from) => Parts.Restore(from);

    public void Dispose()
    {
        foreach (var part in (IDisposable[])[_batch, _actor, _value, _critics, _pass, _valuePass, _nextValuePass]) part.Dispose();
    }

    private ISaved[] Parts => [_batch, _actor, _value, _critics, _watch];
}
