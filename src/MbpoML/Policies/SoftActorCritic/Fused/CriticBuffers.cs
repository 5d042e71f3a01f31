using MbpoML.Numerics.Networks;

namespace MbpoML.Policies.SoftActorCritic.Fused;

/// <summary>
/// The memory of one critic's passes. The hidden layers' memory serves the target, the critic and the policy pass in turn, so that it stays in cache.
/// </summary>
internal sealed class CriticBuffers : IDisposable
{
    public CriticBuffers(SacSettings settings, int batch)
    {
        Pass = new NetworkPass(settings.Critic, batch);
        PolicyPass = new MinimumRows(settings, Pass, batch);
        ActionDelta = new float[batch * settings.Layout.ActionSize];
        (NextValue, Value, DrawnValue, ValueDelta) = (new float[batch], new float[batch], new float[batch], new float[batch]);
    }

    /// <summary>Of a batch through the critic or its target.</summary>
    public NetworkPass Pass { get; }

    /// <summary>The way back from the values at the drawn actions.</summary>
    public MinimumRows PolicyPass { get; }

    /// <summary>The derivative of the policy's loss by the action: [batch, action].</summary>
    public float[] ActionDelta { get; }

    /// <summary>Q' at the next observations and the actions drawn there: [batch].</summary>
    public float[] NextValue { get; }

    /// <summary>Q at the data: [batch].</summary>
    public float[] Value { get; }

    /// <summary>Q at the observations and the actions drawn there: [batch].</summary>
    public float[] DrawnValue { get; }

    /// <summary>The derivative of the critic's loss by Q: [batch].</summary>
    public float[] ValueDelta { get; }

    public void Dispose()
    {
        PolicyPass.Dispose();
        Pass.Dispose();
    }
}
