using MbpoML.Numerics;

namespace MbpoML.Policies.Fused;

/// <summary>
/// The memory of one critic's passes. The hidden layers' memory serves the target, the critic and the policy pass in turn, so that it stays in cache.
/// </summary>
internal sealed class CriticBuffers(SacSettings settings, int batch) : IDisposable
{
    public Activations Hidden { get; } = new(settings.Critic, batch);

    /// <summary>The derivative of the policy's loss by the action: [batch, action].</summary>
    public Matrix ActionDelta { get; } = new(batch, settings.Layout.ActionSize);

    /// <summary>Q' at the next observations and the actions drawn there: [batch].</summary>
    public float[] NextValue { get; } = new float[batch];

    /// <summary>Q at the data: [batch].</summary>
    public float[] Value { get; } = new float[batch];

    /// <summary>Q at the observations and the actions drawn there: [batch].</summary>
    public float[] DrawnValue { get; } = new float[batch];

    /// <summary>The derivative of a loss by Q: [batch].</summary>
    public float[] ValueDelta { get; } = new float[batch];

    public void Dispose()
    {
        Hidden.Dispose();
        ActionDelta.Dispose();
    }
}
