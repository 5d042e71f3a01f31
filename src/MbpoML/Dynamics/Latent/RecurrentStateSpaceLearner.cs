using MbpoML.Data;
using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Latent;

/// <summary>Fits a recurrent state-space model to chunks of episodes.</summary>
internal sealed class RecurrentStateSpaceLearner : ILatentDynamicsLearner, ISaved
{
    private const string Weights = "weights", FirstMoment = "first-moment", SecondMoment = "second-moment", Counters = "counters", Sums = "sums";
    private static readonly string[] MetricsOfUpdates =
        [LatentMetricNames.Loss, LatentMetricNames.FrameLoss, LatentMetricNames.RewardLoss, LatentMetricNames.Divergence];

    private readonly RecurrentStateSpaceTrainer.Options _options;
    private readonly RecurrentStateSpaceShape _shape;
    private readonly RecurrentStateSpaceModel _model;
    private readonly FlatAdam _adam;
    private readonly RandomSource _chunks;
    private readonly Generator _noise;
    private readonly SequenceBatch _batch;
    private readonly Tensor _sums;
    private long _summed;

    public RecurrentStateSpaceLearner(RecurrentStateSpaceShape shape, RecurrentStateSpaceTrainer.Options options, int seed, Device device)
    {
        (_shape, _options) = (shape, options);
        using var scope = NewDisposeScope();
        using var first = new Generator((ulong)Seeds.Derive(seed, "weights"), CPU);
        _model = new RecurrentStateSpaceModel(new RecurrentStateSpaceNetwork(shape, device, first), device);
        _adam = new FlatAdam(_model.Network.Flat, options.LearningRate, epsilon: options.AdamEpsilon);
        _chunks = new RandomSource(Seeds.Derive(seed, "chunks"));
        _noise = new Generator((ulong)Seeds.Derive(seed, "noise"), CPU);
        _batch = new SequenceBatch(options.ChunkLength, options.BatchSize, shape.Frames, shape.ActionSpace.Size, device);
        _sums = zeros(MetricsOfUpdates.Length, ScalarType.Float64, device).DetachFromDisposeScope();
    }

    public string Name => "learner";

    public ILatentDynamicsModel Model => _model;

    public void Update(EpisodePool episodes)
    {
        ArgumentNullException.ThrowIfNull(episodes);
        episodes.Draw(_batch, _chunks);
        using var scope = NewDisposeScope();
        var pixels = FramePixels.Read(_batch.Frames.flatten(0, 1), _noise);
        var noise = randn([_options.ChunkLength, _options.BatchSize, _shape.Stochastic], ScalarType.Float32, generator: _noise).to(_model.Device);
        var losses = Losses(pixels, _batch.Actions, _batch.Rewards.flatten(), noise);
        var gradients = autograd.grad([losses.Total], [.. _model.Network.Leaves]);
        var gradient = cat([.. gradients.Select(part => part.reshape(-1))], 0);
        GradientClip.Apply(gradient, _options.MaxGradientNorm);
        _adam.Step(gradient, WarmUp());
        _sums.AddInPlace(stack([losses.Total, losses.Frame, losses.Reward, losses.Divergence]).detach().to(ScalarType.Float64));
        _summed++;
    }

    public IReadOnlyDictionary<string, double> TakeMetrics()
    {
        if (_summed == 0) return new Dictionary<string, double>();
        using var scope = NewDisposeScope();
        var sums = _sums.cpu().data<double>().ToArray();
        var metrics = MetricsOfUpdates.Zip(sums).ToDictionary(metric => metric.First, metric => metric.Second / _summed);
        metrics[LatentMetricNames.Updates] = _adam.StepCount;
        _sums.zero_();
        _summed = 0;
        return metrics;
    }

    public void ThrowIfDiverged()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var loss = _sums.narrow(0, 0, 1).cpu().item<double>();
        if (!double.IsFinite(loss))
            throw new LearningException(MetricsOfUpdates[0], loss,
                Invariant($"The loss of the latent dynamics model is {loss} after {_adam.StepCount} updates. A smaller LearningRate or MaxGradientNorm, or ") +
                    "rewards of order one, help.");
        var size = _model.Network.Flat.abs().amax([0L]).cpu().item<float>();
        if (!float.IsFinite(size))
            throw new LearningException("weights of the latent dynamics model", size,
                Invariant($"A weight of the latent dynamics model is {size} after {_adam.StepCount} updates. A smaller LearningRate or ") +
                    "MaxGradientNorm helps.");
    }

    public ILatentDynamicsModel CopyModel()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var network = new RecurrentStateSpaceNetwork(_shape, _model.Device, generator: null);
        network.Flat.copy_(_model.Network.Flat);
        return new RecurrentStateSpaceModel(network, _model.Device);
    }

    /// <summary>The losses of chunks, differentiable in the parameters.</summary>
    /// <param name="pixels">[length · batch, channels, height, width], from <see cref="FramePixels.Read"/>, step after step.</param>
    /// <param name="actions">[length, batch, action], environment units: the one that led to each frame.</param>
    /// <param name="rewards">[length · batch]: the one that came with each frame.</param>
    /// <param name="noise">Standard normal, [length, batch, stochastic].</param>
    internal RecurrentStateSpaceLoss Losses(Tensor pixels, Tensor actions, Tensor rewards, Tensor noise)
    {
        var network = _model.Network;
        var (length, batch) = (actions.size(0), actions.size(1));
        // All frames and actions at once: only the memory and the posterior go step by step.
        var frames = network.ReadFrames(network.Encode(pixels)).view(length, batch, -1).unbind(0);
        var acts = network.ReadActions(Units(actions).flatten(0, 1)).view(length, batch, -1).unbind(0);
        var memory = zeros([batch, _shape.Deterministic], ScalarType.Float32, _model.Device);
        var state = zeros([batch, _shape.Stochastic], ScalarType.Float32, _model.Device);
        var (memories, states, means, deviations) = (new List<Tensor>(), new List<Tensor>(), new List<Tensor>(), new List<Tensor>());
        for (var step = 0; step < length; step++)
        {
            memory = network.Remember(memory, state, acts[step]);
            var posterior = network.Posterior(memory, frames[step]);
            state = posterior.Draw(noise.select(0, step));
            memories.Add(memory);
            states.Add(state);
            means.Add(posterior.Mean);
            deviations.Add(posterior.Deviation);
        }

        // And everything that follows from them, again at once.
        var all = cat(memories, 0);
        var belief = cat([all, cat(states, 0)], 1);
        var divergence = RecurrentStateSpaceLosses.Divergence(new LatentNormal(cat(means, 0), cat(deviations, 0)), network.Prior(all));
        return new RecurrentStateSpaceLoss(
            RecurrentStateSpaceLosses.Frame(pixels, network.Decode(belief)).mean(), RecurrentStateSpaceLosses.Reward(rewards, network.Reward(belief)).mean(),
            divergence.mean(), RecurrentStateSpaceLosses.AboveFree(divergence, _options.FreeNats).mean(), _options.RewardScale, _options.DivergenceScale);
    }

    public void Save(IStateWriter to)
    {
        to.Add(Weights, _model.Network.Flat);
        to.Add(FirstMoment, _adam.FirstMoment);
        to.Add(SecondMoment, _adam.SecondMoment);
        to.Add(Counters, _adam.StepCount, _summed);
        to.Add(Sums, _sums);
        ((ISaved[])[SavedPart.Of("chunks", _chunks), SavedPart.Of("noise", _noise)]).Save(to);
    }

    public void Restore(IStateReader from)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        long[] size = [_model.Network.Flat.size(0)];
        var (weights, first, second) = (
            from.Tensor(Weights, ScalarType.Float32, size), from.Tensor(FirstMoment, ScalarType.Float32, size),
            from.Tensor(SecondMoment, ScalarType.Float32, size));
        var sums = from.Tensor(Sums, ScalarType.Float64, [MetricsOfUpdates.Length]);
        if (from.Integers(Counters) is not [>= 0 and var updates, >= 0 and var summed] || summed > updates)
            throw from.Damaged("its number of updates of the model is none");
        ((ISaved[])[SavedPart.Of("chunks", _chunks), SavedPart.Of("noise", _noise)]).Restore(from);
        _model.Network.Flat.copy_(weights);
        _adam.SetState(first, second, updates);
        _sums.copy_(sums);
        _summed = summed;
    }

    public void Dispose()
    {
        _adam.Dispose();
        _model.Dispose();
        _noise.Dispose();
        _batch.Dispose();
        _sums.Dispose();
    }

    // What was done before a chunk counts as nothing, as the state before it.
    private Tensor Units(Tensor actions)
    {
        using var noGradient = no_grad();
        var units = _model.ToUnits(actions);
        units.select(0, 0).zero_();
        return units;
    }

    private double WarmUp() => _options.WarmUpUpdates == 0 ? 1 : Math.Min(1, (_adam.StepCount + 1.0) / _options.WarmUpUpdates);
}
