using MbpoML.Policies;

namespace ProcessControl;

/// <summary>A learned policy, with its most likely actions.</summary>
internal sealed class PolicyController(PolicyTransformer policy) : IController
{
    private readonly float[] _observation = new float[policy.ObservationSize];
    private readonly float[] _action = new float[policy.ActionSpace.Size];

    public void Start()
    {
        // It remembers nothing.
    }

    public void Act(ReadOnlySpan<double> observation, Span<double> action)
    {
        for (var index = 0; index < _observation.Length; index++) _observation[index] = (float)observation[index];
        policy.Act(_observation, _action);
        for (var index = 0; index < _action.Length; index++) action[index] = _action[index];
    }
}
