using System.Diagnostics.CodeAnalysis;
using MbpoML.Policies;
using static System.FormattableString;

namespace TrainingService;

/// <summary>The policy that is served: the newest one, which replaces the one before it between two requests.</summary>
internal sealed class ServedPolicy : IDisposable
{
    // A decision takes microseconds, so that requests may wait for each other, and for the policy to be replaced.
    private readonly Lock _turn = new();
    private PolicyTransformer? _policy;
    private IDisposable? _owner;

    /// <summary>Whether there is a policy.</summary>
    public bool IsReady => _policy is not null;

    /// <summary>How far training is, and which policy is served.</summary>
    public ServiceStatus Status { get; private set; } = new("starting", 0, 0, null);

    /// <summary>Takes a policy over.</summary>
    /// <param name="policy">Is served from now on.</param>
    /// <param name="owner">What is disposed with it.</param>
    /// <param name="step">The step that it comes from.</param>
    public void Replace(PolicyTransformer policy, IDisposable owner, int step)
    {
        lock (_turn)
        {
            _owner?.Dispose();
            (_policy, _owner) = (policy, owner);
            Status = Status with { PolicyStep = step };
        }
    }

    /// <summary>Tells how far training is.</summary>
    public void Tell(string state, int? step = null, double? evaluationReturn = null)
    {
        lock (_turn) Status = Status with { State = state, Step = step ?? Status.Step, Return = evaluationReturn ?? Status.Return };
    }

    /// <summary>The most likely action for an observation.</summary>
    /// <param name="observation">[observation], environment units</param>
    /// <param name="action">[action], environment units</param>
    /// <param name="error">What is wrong with the observation; null where nothing is.</param>
    public bool TryAct(float[] observation, out float[] action, [NotNullWhen(false)] out string? error)
    {
        lock (_turn)
        {
            var policy = _policy ?? throw new InvalidOperationException("There is no policy yet.");
            (action, error) = (new float[policy.ActionSpace.Size], null);
            if (observation.Length != policy.ObservationSize)
                error = Invariant($"The observation has {observation.Length} numbers, but must have {policy.ObservationSize}.");
            else if (!Array.TrueForAll(observation, float.IsFinite))
                error = "The observation holds a number that is not finite.";
            else
                policy.Act(observation, action);
            return error is null;
        }
    }

    public void Dispose()
    {
        lock (_turn) _owner?.Dispose();
    }
}
