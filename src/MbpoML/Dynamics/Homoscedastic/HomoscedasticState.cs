using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Homoscedastic;

/// <summary>What an update of the members works on: options, networks, optimizers and the streams that minibatches and dropped units are drawn from.</summary>
internal sealed class HomoscedasticState : IDisposable
{
    // The networks' memory as the optimizers see it: one dimension.
    private readonly Tensor _flat, _logNoise;

    /// <param name="options">Validated; not changed by anybody any more.</param>
    /// <param name="network">Trained in place; stays the caller's.</param>
    /// <param name="seed">Decides the streams.</param>
    public HomoscedasticState(HomoscedasticEnsembleTrainer.Options options, HomoscedasticNetwork network, int seed)
    {
        (Options, Network) = (options, network);
        (_flat, _logNoise) = (network.Flat.view(-1).DetachFromDisposeScope(), network.LogNoise.view(-1).DetachFromDisposeScope());
        (Weights, Noise) = (new FlatAdam(_flat, options.LearningRate), new FlatAdam(_logNoise, options.NoiseLearningRate));
        Streams = [.. Enumerable.Range(0, network.MemberCount).Select(member => new RandomSource(Seeds.Derive(seed, "dynamics/member", member)))];
    }

    public HomoscedasticEnsembleTrainer.Options Options { get; }

    public HomoscedasticNetwork Network { get; }

    /// <summary>Adam over the weights and biases of all members.</summary>
    public FlatAdam Weights { get; }

    /// <summary>Adam over the logarithms of the noise's deviations.</summary>
    public FlatAdam Noise { get; }

    /// <summary>One for each member, so that no member's draws depend on when another's are made.</summary>
    public RandomSource[] Streams { get; }

    /// <summary>Draws a minibatch of a member: first the rows, and then, in the order of the layers, the units that are dropped.</summary>
    /// <param name="member">Its index.</param>
    /// <param name="rows">What there is to draw from.</param>
    /// <param name="drawn">[batch], overwritten with numbers of rows.</param>
    /// <param name="weights">[batch], overwritten with the rows' weights.</param>
    public void Draw(int member, FitRows rows, Span<int> drawn, Span<float> weights)
    {
        var (stream, training) = (Streams[member], rows.Training);
        for (var index = 0; index < drawn.Length; index++)
        {
            var row = training[stream.NextInt32(training.Length)];
            (drawn[index], weights[index]) = (row, Options.BootstrapWeights ? TransitionHash.Weight(rows.Hashes[row], member) : 1);
        }
    }

    /// <summary>Forgets the optimizers' moments and counts.</summary>
    public void ResetOptimizers()
    {
        using var scope = NewDisposeScope();
        foreach (var optimizer in (FlatAdam[])[Weights, Noise]) optimizer.SetState(zeros_like(optimizer.FirstMoment), zeros_like(optimizer.SecondMoment), 0);
    }

    public void Dispose()
    {
        Weights.Dispose();
        Noise.Dispose();
        _flat.Dispose();
        _logNoise.Dispose();
    }
}
