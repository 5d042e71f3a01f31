using static TorchSharp.torch;

namespace MbpoML.Acting;

/// <summary>A policy that decides by the observation alone, at work.</summary>
/// <param name="policy">Decides; stays the caller's.</param>
internal sealed class MemorylessActor(IPolicy policy) : IActor
{
    public void Begin(int rows)
    {
    }

    public Tensor Act(Tensor observation, Generator? generator) => generator is null ? policy.Act(observation) : policy.Sample(observation, generator);

    // In messages it is the policy that did something wrong.
    public override string ToString() => policy.GetType().Name;

    public void Dispose()
    {
    }
}
