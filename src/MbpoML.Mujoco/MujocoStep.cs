namespace MbpoML.Mujoco;

/// <summary>One control step, as a reward is computed from it. Valid only during the call that it is given to.</summary>
public readonly ref struct MujocoStep
{
    internal MujocoStep(MujocoState state, ReadOnlySpan<double> observation, double progress, double duration)
    {
        State = state;
        Observation = observation;
        (Progress, Duration) = (progress, duration);
    }

    /// <summary>The simulation after the step.</summary>
    public MujocoState State { get; }

    /// <summary>The observation after the step, [observation].</summary>
    public ReadOnlySpan<double> Observation { get; }

    /// <summary>The action as it was given, [action].</summary>
    public ReadOnlySpan<double> Action => State.Controls;

    /// <summary>By how much the measured coordinate grew during the step; 0 where none is measured.</summary>
    public double Progress { get; }

    /// <summary>Seconds the step took in the simulation.</summary>
    public double Duration { get; }
}
