using MbpoML.Components;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Random;
using MbpoML.Numerics.Torch;
using MbpoML.Policies;
using MbpoML.Saving;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MbpoML.Algorithms.Offline.Learners;

/// <summary>
/// TD3+BC (S. Fujimoto and S. Gu, "A minimalist approach to offline reinforcement learning", arXiv:2106.06860): TD3 on the log, whose actor is drawn to the
/// logged actions.
/// </summary>
internal sealed class Td3BcFit : IOfflineAlgorithm
{
    private static readonly string[] Metrics = ["policy/q-loss", "policy/q-mean", "policy/policy-loss"];

    private readonly ComponentContext _context;
    private readonly OfflineLog _log;
    private readonly TD3BCTrainer.Options _options;
    private readonly LogBatch _batch;
    private readonly TrainedNetwork _actor;
    private readonly TwinCritics _critics;
    private readonly ActionPass _pass;
    private readonly CriticWatch _watch;
    private readonly NormalStream _noise;
    private readonly Tensor _drawn;
    private readonly Matrix _actionWeights, _actionDelta;
    private readonly float[] _targets, _valueDelta, _cloneDelta;
    private double _actorLoss;

    /// <param name="context">Where policies belong.</param>
    /// <param name="log">Stays the caller's.</param>
    /// <param name="options">Validated.</param>
    /// <param name="seed">The seed of all random numbers.</param>
    public Td3BcFit(ComponentContext context, OfflineLog log, TD3BCTrainer.Options options, int seed)
    {
        (_context, _log, _options) = (context, log, options);
        var (observations, actions, rows) = (log.Layout.ObservationSize, log.Layout.ActionSize, options.BatchSize);
        var scale = options.NormalizeRewards ? RewardScales.OneOverSize(log) : 1;
        _batch = new LogBatch(log, null, rows, options.Discount, scale, options.StandardizeObservations, seed);
        _actor = new TrainedNetwork("actor", new NetworkShape(observations, options.HiddenSizes, actions, Activation.Relu), options.LearningRate, seed);
        var critic = new NetworkShape(observations + actions, options.HiddenSizes, 1, Activation.Relu);
        _critics = new TwinCritics(critic, options.LearningRate, rows, seed);
        _pass = new ActionPass(_actor, rows);
        _watch = new CriticWatch(Metrics, CriticLimits.Of(log, scale, options.Discount));
        _noise = NormalStream.Create(Seeds.Derive(seed, "target-noise"), CPU);
        _drawn = zeros(rows * actions, ScalarType.Float32).DetachFromDisposeScope();
        _actionWeights = _critics.First.Views.Weights(0).Rows(observations, actions);
        _actionDelta = new Matrix(rows, actions);
        (_targets, _valueDelta, _cloneDelta) = (new float[rows], new float[rows], new float[rows * actions]);
    }

    public string Name => "td3-bc";

    public void Update(OfflineRun run)
    {
        _batch.Draw();
        SetTargets();
        var loss = _critics.Learn(_batch.Input, _targets);
        if ((run.Done + 1) % _options.PolicyDelay == 0)
        {
            LearnActor();
            _critics.MoveTargets(_options.TargetSmoothing);
            _actor.MoveTarget(_options.TargetSmoothing);
        }

        _watch.Add(loss, _critics.Mean, _actorLoss);
    }

    public IReadOnlyDictionary<string, double> TakeMetrics() => _watch.Take();

    public void ThrowIfDiverged() => _watch.ThrowIfDiverged();

    public PolicyTransformer ToTransformer() => new(
        _context, DeterministicActor.ToParameters(_actor.Shape, _actor.Parameters, _batch.Observations, _log.ActionSpace),
        _options.Serving);

    public void Save(IStateWriter to)
    {
        Parts.Save(to);
        using var noise = _noise.GetState();
        to.Add("noise", noise);
        to.Add("actor-loss", [_actorLoss]);
    }

    public void Restore(IStateReader from)
    {
        using var own = _noise.GetState();
        using var noise = from.Tensor("noise", own.dtype, own.shape);
        var loss = from.Doubles("actor-loss");
        if (loss.Length != 1) throw from.Damaged("it has no loss of the actor");
        Parts.Restore(from);
        _noise.SetState(noise);
        _actorLoss = loss[0];
    }

    public void Dispose()
    {
        foreach (var part in (IDisposable[])[_batch, _actor, _critics, _pass, _noise, _drawn, _actionWeights, _actionDelta]) part.Dispose();
    }

    private ISaved[] Parts => [_batch, _actor, _critics, _watch];

    // y = r + γ (1 - terminated) min Q'(s', clip(π'(s') + clip(ε, ±c))).
    private void SetTargets()
    {
        _pass.Forward(_batch.NextObservation, ofTarget: true);
        _noise.Fill(_drawn);
        var noise = _drawn.Floats();
        var (actions, most) = (_pass.Actions, (float)_options.NoiseClip);
        TensorPrimitives.Multiply(noise, (float)_options.TargetNoise, noise);
        for (var index = 0; index < actions.Length; index++)
            actions[index] = Math.Clamp(actions[index] + Math.Clamp(noise[index], -most, most), -1, 1);
        _batch.Fill(_batch.NextObservation, actions, _batch.NextInput);
        _critics.EvaluateTargets(_batch.NextInput);
        TensorPrimitives.MultiplyAdd(_batch.Continues, _critics.Smaller, _batch.Reward, _targets);
    }

    // -λ Q(s, π(s)) + (π(s) - a)²
    private void LearnActor()
    {
        _pass.Forward(_batch.Observation);
        _batch.Fill(_batch.Observation, _pass.Actions, _batch.DrawnInput);
        var pass = _critics.FirstPass;
        pass.Forward(_batch.DrawnInput);
        var lambda = OfflineLosses.Lambda(pass.Values, _options.Alpha);
        Array.Fill(_valueDelta, (float)(-lambda / _valueDelta.Length));
        pass.BackwardToActions(_valueDelta, _actionWeights, _actionDelta);
        var clone = OfflineLosses.Clone(_pass.Actions, _batch.Action, [], _cloneDelta);
        _actorLoss = clone - (lambda * TensorPrimitives.Sum<float>(pass.Values) / pass.Values.Length);
        TensorPrimitives.Add(_actionDelta.Values, _cloneDelta, _cloneDelta);
        _pass.Backward(_batch.Observation, _cloneDelta);
        _actor.Step();
    }
}
