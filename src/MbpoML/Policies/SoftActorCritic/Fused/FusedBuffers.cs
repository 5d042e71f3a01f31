using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;

namespace MbpoML.Policies.SoftActorCritic.Fused;

/// <summary>All memory between input and gradients of an update, for one batch size, and the views that the passes need.</summary>
internal sealed class FusedBuffers : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    public FusedBuffers(SacSettings settings, int batch)
    {
        var (observations, actions) = (settings.Layout.ObservationSize, settings.Layout.ActionSize);
        Batch = batch;
        Data = Own(new Matrix(batch, observations + actions));
        Drawn = Own(new Matrix(2 * batch, observations + actions));
        NextDrawn = Own(Drawn.Rows(0, batch));
        CurrentDrawn = Own(Drawn.Rows(batch, batch));
        var observation = Own(Drawn.Columns(0, observations));
        var actorPass = Own(new NetworkPass(settings.Actor, 2 * batch));

        ActorBlock Block(int start, int rows) => new(
            start, rows, Own(observation.Rows(start, rows)), Own(Drawn.Rows(start, rows)), Own(actorPass.Rows(start, rows)));
        // The next observations and the observations on the way forward, half of the observations each on the way back. One thread takes the same blocks in
        // turn, which fit its cache better than all rows at once, and gives the same bits as two.
        var half = batch / 2;
        ActorForward = [Block(0, batch), Block(batch, batch)];
        ActorBackward = half == 0 ? [Block(batch, batch)] : [Block(batch, half), Block(batch + half, batch - half)];
        Heads = [.. ActorForward.Select(block => new SquashedGaussianHead(block.Rows, actions))];
        Critics = [Own(new CriticBuffers(settings, batch)), Own(new CriticBuffers(settings, batch))];
        LogProbability = new float[2 * batch];
        Reward = new float[batch];
        Continues = new float[batch];
        Target = new float[batch];
    }

    public int Batch { get; }

    /// <summary>Observations and the actions taken there, scaled: [batch, observation + action].</summary>
    public Matrix Data { get; }

    /// <summary>Next observations and then observations, with the actions drawn there: [2·batch, observation + action].</summary>
    public Matrix Drawn { get; }

    /// <summary>The first half of <see cref="Drawn"/>.</summary>
    public Matrix NextDrawn { get; }

    /// <summary>The second half of <see cref="Drawn"/>.</summary>
    public Matrix CurrentDrawn { get; }

    /// <summary>The rows of <see cref="Drawn"/>, one block a half of the phase.</summary>
    public ActorBlock[] ActorForward { get; }

    /// <summary>The rows of the observations, one block a half of the phase.</summary>
    public ActorBlock[] ActorBackward { get; }

    /// <summary>One for each block of <see cref="ActorForward"/>; the last one is that of the observations.</summary>
    public SquashedGaussianHead[] Heads { get; }

    public CriticBuffers[] Critics { get; }

    /// <summary>[2·batch], rows as in <see cref="Drawn"/>.</summary>
    public float[] LogProbability { get; }

    /// <summary>[batch], scaled</summary>
    public float[] Reward { get; }

    /// <summary>γ where the task goes on and 0 where it ended: [batch].</summary>
    public float[] Continues { get; }

    /// <summary>[batch]</summary>
    public float[] Target { get; }

    public void Dispose()
    {
        foreach (var disposable in _owned) disposable.Dispose();
    }

    private T Own<T>(T disposable)
        where T : IDisposable
    {
        _owned.Add(disposable);
        return disposable;
    }
}
