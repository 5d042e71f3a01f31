using static TorchSharp.torch;

namespace MbpoML.Acting;

/// <summary>A policy that decides by the observation alone, at work on a device where plain arrays cannot reach its weights.</summary>
/// <param name="policy">Decides; stays the caller's.</param>
/// <param name="draw">Makes actions [batch, action] of observations and noise, both on the CPU, without a gradient.</param>
internal sealed class TensorActor(IPolicy policy, Func<Tensor, Tensor, Tensor> draw) : INoisyActor
{
    public void Begin(int rows)
    {
    }

    public Tensor Act(Tensor observation, Generator? generator) => generator is null ? policy.Act(observation) : policy.Sample(observation, generator);

    public void Act(ReadOnlySpan<double> observation, ReadOnlySpan<float> noise, Span<double> action)
    {
        var values = new float[observation.Length];
        for (var index = 0; index < values.Length; index++) values[index] = (float)observation[index];
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var chosen = draw(tensor(values).unsqueeze(0), tensor(noise.ToArray()).unsqueeze(0)).cpu().contiguous().data<float>();
        for (var index = 0; index < action.Length; index++) action[index] = chosen[index];
    }

    // In messages it is the policy that did something wrong.
    public override string ToString() => policy.GetType().Name;

    public void Dispose()
    {
    }
}
