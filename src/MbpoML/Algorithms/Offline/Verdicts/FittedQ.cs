using MbpoML.Acting;
using MbpoML.Algorithms.Offline.Learners;
using MbpoML.Data;
using MbpoML.Numerics;
using MbpoML.Numerics.Networks;
using MbpoML.Policies.SoftActorCritic;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>
/// Fitted Q evaluation (H. Le, C. Voloshin and Y. Yue, arXiv:1903.08738): a critic of a given policy, from a log alone, by regression to
/// r + γ (1 - terminated) Q'(s', π(s')).
/// </summary>
internal sealed class FittedQ : IDisposable
{
    // The slow copy is set to the critic after at most so many updates (d3rlpy), and at least so many.
    private const int MostInterval = 100, LeastInterval = 10;

    // Each time, γ of where the values began is left. After 4 / (1 - γ) times 2 % is, and the estimates are the policy's own.
    private const double Forgetting = 4;

    // Of a discount of 1, whose values have no end.
    private const double LeastEnding = 1e-3;

    // Observations that a policy is asked about at once.
    private const long BlockSize = 8192;

    private static readonly int[] HiddenSizes = [256, 256];

    private readonly IPolicy _policy;
    private readonly OfflineLog _log;
    private readonly bool _isOfLog;
    private readonly LogBatch _batch;
    private readonly TrainedNetwork _critic;
    private readonly ActionScaling _scaling;
    private readonly double _rewardScale;

    /// <param name="log">Stays the caller's.</param>
    /// <param name="policy">Its most likely actions are valued.</param>
    /// <param name="options">Updates and discount.</param>
    /// <param name="seed">Decides weights and minibatches.</param>
    /// <param name="isOfLog">Whether the logged actions are valued in place of the policy's, which then acts only behind the ends of episodes.</param>
    public FittedQ(OfflineLog log, IPolicy policy, OfflineJudge.Options options, int seed, bool isOfLog = false)
    {
        (_log, _policy, _isOfLog) = (log, policy, isOfLog);
        (_scaling, _rewardScale) = (new ActionScaling(log.ActionSpace, CPU), RewardScales.OneOverSize(log));
        _batch = new LogBatch(log, null, options.BatchSize, options.Discount, _rewardScale, standardizes: true, seed);
        var shape = new NetworkShape(log.Layout.ObservationSize + log.Layout.ActionSize, HiddenSizes, 1, Activation.Relu);
        _critic = new TrainedNetwork("critic", shape, options.FittedQLearningRate, seed);
        BeginAtMean(options.Discount);
        Fit(options);
    }

    /// <summary>The values of the policy at observations.</summary>
    /// <param name="observation">[rows, observation], environment units</param>
    /// <param name="action">Actions to value, [rows, action], environment units; null: the policy's.</param>
    /// <returns>[rows], in units of the rewards.</returns>
    public double[] Values(Tensor observation, Tensor? action = null)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var input = cat([_batch.Observations.Apply(observation), action is null ? Actions(observation) : _scaling.Scale(action)], 1).unsqueeze(0);
        var values = _critic.Shape.Forward(_critic.Parameters.unsqueeze(0), input).view(-1);
        return [.. values.data<float>().ToArray().Select(value => value / _rewardScale)];
    }

    public void Dispose()
    {
        _batch.Dispose();
        _critic.Dispose();
        _scaling.Dispose();
    }

    // From zero, the copies would take many times their interval to get there.
    private void BeginAtMean(double discount)
    {
        using var scope = NewDisposeScope();
        var mean = _rewardScale * _log.Layout.Reward(_log.Rows).to(ScalarType.Float64).mean().item<double>();
        var continues = 1 - _log.Layout.Terminated(_log.Rows).to(ScalarType.Float64).mean().item<double>();
        var value = (float)(mean / Math.Max(1 - (discount * continues), LeastEnding));
        _critic.Views.Biases(_critic.Shape.Layers - 1)[0] = value;
        _critic.MoveTarget(1);
    }

    private void Fit(OfflineJudge.Options options)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        // The policy stays as it is, and so do its actions.
        var next = cat([_batch.AllNext, NextActions()], 1).contiguous();
        using var pass = new ValuePass(_critic, options.BatchSize);
        using var nextPass = new ValuePass(_critic, options.BatchSize);
        var (targets, delta) = (new float[options.BatchSize], new float[options.BatchSize]);
        var interval = Math.Clamp((int)(options.FittedQUpdates * (1 - options.Discount) / Forgetting), LeastInterval, MostInterval);
        for (var update = 0; update < options.FittedQUpdates; update++)
        {
            if (update % interval == 0)
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                _critic.MoveTarget(1);
            }

            _batch.Draw();
            _batch.Gather(next, _batch.NextInput);
            nextPass.Forward(_batch.NextInput, ofTarget: true);
            TensorPrimitives.MultiplyAdd(_batch.Continues, nextPass.Values, _batch.Reward, targets);
            pass.Forward(_batch.Input);
            var loss = OfflineLosses.Squared(pass.Values, targets, delta);
            if (!double.IsFinite(loss))
                throw new LearningException("loss of fitted Q evaluation", loss, "Fitted Q evaluation diverged: take a lower Discount or FittedQLearningRate.");
            pass.Backward(_batch.Input, delta);
            _critic.Step();
        }
    }

    private Tensor NextActions()
    {
        var ofPolicy = Actions(_log.Layout.NextObservation(_log.Rows));
        if (!_isOfLog) return ofPolicy;
        // What was logged in the row behind, where that goes on with the episode.
        var logged = _scaling.Scale(_log.Layout.Action(_log.Rows));
        var numbers = EpisodeNumbers.Of(_log.Layout, _log.Rows);
        var count = numbers.size(0);
        var goesOn = numbers.narrow(0, 1, count - 1).eq(numbers.narrow(0, 0, count - 1)).unsqueeze(1);
        return cat([logged.narrow(0, 1, count - 1).where(goesOn, ofPolicy.narrow(0, 0, count - 1)), ofPolicy.narrow(0, count - 1, 1)], 0);
    }

    // In [-1, 1] where the log's actions are; a policy may go beyond.
    private Tensor Actions(Tensor observation)
    {
        var blocks = new List<Tensor>();
        for (long first = 0; first < observation.size(0); first += BlockSize)
        {
            var block = observation.narrow(0, first, Math.Min(BlockSize, observation.size(0) - first)).contiguous();
            blocks.Add(_scaling.Scale(_policy.Act(block).to(CPU)));
        }

        return cat(blocks, 0);
    }
}
