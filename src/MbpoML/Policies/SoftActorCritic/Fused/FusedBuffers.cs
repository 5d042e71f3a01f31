using MbpoML.Numerics;

namespace MbpoML.Policies.Fused;

/// <summary>All memory between input and gradients of an update, for one batch size, and the views that the passes need.</summary>
internal sealed class FusedBuffers : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    public FusedBuffers(SacSettings settings, int batch, int threads)
    {
        var (observations, actions) = (settings.Layout.ObservationSize, settings.Layout.ActionSize);
        Batch = batch;
        Data = Own(new Matrix(batch, observations + actions));
        Drawn = Own(new Matrix(2 * batch, observations + actions));
        NextDrawn = Own(Drawn.Rows(0, batch));
        CurrentDrawn = Own(Drawn.Rows(batch, batch));
        var observation = Own(Drawn.Columns(0, observations));
        var actorMemory = Own(new Activations(settings.Actor, 2 * batch));
        var output = Own(new Matrix(2 * batch, 2 * actions));
        var outputDelta = Own(new Matrix(2 * batch, 2 * actions));

        ActorBlock Block(int start, int rows) => new(
            start, rows, Own(observation.Rows(start, rows)), Own(Drawn.Rows(start, rows)),
            Own(actorMemory.Rows(start, rows)), Own(output.Rows(start, rows)), Own(outputDelta.Rows(start, rows)));
        // Alone, one thread takes all rows in one product; two threads take the next observations and the observations on the way forward, half the
        // observations each on the way back.
        var half = batch / 2;
        ActorForward = threads == 1 ? [Block(0, 2 * batch)] : [Block(0, batch), Block(batch, batch)];
        ActorBackward = threads == 1 || half == 0 ? [Block(batch, batch)] : [Block(batch, half), Block(batch + half, batch - half)];
        Heads = [.. ActorForward.Select(block => new GaussianHead(block.Rows, actions))];
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

    /// <summary>The rows of <see cref="Drawn"/>, one block a thread.</summary>
    public IReadOnlyList<ActorBlock> ActorForward { get; }

    /// <summary>The rows of the observations, one block a thread.</summary>
    public IReadOnlyList<ActorBlock> ActorBackward { get; }

    /// <summary>One for each block of <see cref="ActorForward"/>; the last one holds the observations' rows at its end.</summary>
    public IReadOnlyList<GaussianHead> Heads { get; }

    public IReadOnlyList<CriticBuffers> Critics { get; }

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
