using MbpoML.Environments;
using MbpoML.Numerics.Kernels;
using MbpoML.Policies.Serving;
using static TorchSharp.torch;

namespace MbpoML.Policies.SoftActorCritic;

/// <summary>Maps bounded actions in the environment's units onto [-1, 1], in which an actor's tanh and its entropy live, and back.</summary>
internal sealed class ActionScaling : IDisposable
{
    private readonly Tensor _low, _high, _center, _halfRange, _inverse, _offset;

    public ActionScaling(BoxSpace space, Device device)
    {
        var bounds = new ActionBounds(space);
        Inverse = [.. bounds.HalfRange.Select(halfRange => 1 / halfRange)];
        Offset = [.. bounds.Center.Zip(bounds.HalfRange, (center, halfRange) => -center / halfRange)];
        Tensor Place(float[] values) => tensor(values, device: device).DetachFromDisposeScope();
        (_low, _high, _center, _halfRange) = (Place(bounds.Low), Place(bounds.High), Place(bounds.Center), Place(bounds.HalfRange));
        (_inverse, _offset) = (Place(Inverse), Place(Offset));
    }

    /// <summary>The factors of environment to [-1, 1]: scaled = action · inverse + offset.</summary>
    public float[] Inverse { get; }

    /// <summary>The summands of environment to [-1, 1].</summary>
    public float[] Offset { get; }

    /// <summary>Environment units to [-1, 1], one fused operation. [batch, action]</summary>
    public Tensor Scale(Tensor action) => addcmul(_offset, action, _inverse, ScalarArithmetic.One);

    /// <summary>[-1, 1] to environment units, inside the bounds whatever the rounding. [batch, action]</summary>
    public Tensor Unscale(Tensor squashed) => addcmul(_center, squashed, _halfRange, ScalarArithmetic.One).clamp_(_low, _high);

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[_low, _high, _center, _halfRange, _inverse, _offset]) tensor.Dispose();
    }
}
