using MbpoML.Acting;
using MbpoML.Environments;
using static TorchSharp.torch;

namespace MbpoML.Policies.Serving;

/// <summary>What a policy transformer serves: a network of ours or any other policy. Safe for concurrent use; its references are counted.</summary>
internal abstract class ServedPolicy : IDisposable
{
    private readonly Lock _lock = new();
    private int _references = 1;

    public abstract int ObservationSize { get; }

    public abstract BoxSpace ActionSpace { get; }

    /// <summary>One more user, who disposes it.</summary>
    public ServedPolicy AddReference()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_references <= 0, typeof(PolicyTransformer));
            _references++;
            return this;
        }
    }

    /// <summary>The most likely action of each row.</summary>
    /// <param name="observation">[batch, observation]</param>
    /// <returns>[batch, action], on the observation's device</returns>
    public abstract Tensor Act(Tensor observation);

    /// <summary>An action drawn for each row.</summary>
    /// <param name="observation">[batch, observation]</param>
    /// <param name="generator">The generator of all random numbers of the draw.</param>
    /// <returns>[batch, action], on the observation's device</returns>
    public abstract Tensor Sample(Tensor observation, Generator generator);

    /// <summary>The action of each row that belongs to the given standard normal noise.</summary>
    /// <param name="observation">[batch, observation]</param>
    /// <param name="noise">[batch, action]</param>
    /// <returns>[batch, action], on the observation's device</returns>
    /// <exception cref="NotSupportedException">The policy draws in a way of its own.</exception>
    public abstract Tensor Draw(Tensor observation, Tensor noise);

    /// <summary>The action of one row: the most likely one where <paramref name="noise"/> is empty, else the noise's.</summary>
    public abstract void Act(ReadOnlySpan<float> observation, ReadOnlySpan<float> noise, Span<float> action);

    /// <summary>The policy at work in episodes.</summary>
    /// <param name="owner">The transformer that it serves.</param>
    /// <param name="single">The transformer's action of a single observation.</param>
    public abstract IActor NewActor(IPolicy owner, RowFunction single);

    /// <summary>Gives one reference back; the last one frees what is held.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (--_references == 0) Free();
        }
    }

    /// <summary>Called once, when nobody uses it any more.</summary>
    protected abstract void Free();
}
