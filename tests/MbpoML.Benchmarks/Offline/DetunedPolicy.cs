using MbpoML.Acting;
using MbpoML.Environments;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Offline;

/// <summary>
/// A policy whose actions are scaled and moved, in units of the half range: like a controller with another gain, or with an actuator that is off.
/// </summary>
/// <param name="policy">Stays the caller's.</param>
/// <param name="gain">What actions are multiplied with.</param>
/// <param name="shift">What is added to every action.</param>
internal sealed class DetunedPolicy(IPolicy policy, double gain, double shift) : IPolicy
{
    public int ObservationSize => policy.ObservationSize;

    public BoxSpace ActionSpace => policy.ActionSpace;

    public Tensor Act(Tensor observation)
    {
        using var action = policy.Act(observation);
        return Detune(action);
    }

    public Tensor Sample(Tensor observation, Generator generator)
    {
        using var action = policy.Sample(observation, generator);
        return Detune(action);
    }

    // [batch, action]
    private Tensor Detune(Tensor action)
    {
        using var onCpu = action.cpu();
        var values = onCpu.data<float>().ToArray();
        for (var index = 0; index < values.Length; index++)
        {
            var (low, high) = (ActionSpace.Low[index % ActionSpace.Size], ActionSpace.High[index % ActionSpace.Size]);
            values[index] = (float)Math.Clamp((gain * values[index]) + (shift * (high - low) / 2), low, high);
        }

        return tensor(values, action.shape);
    }
}
