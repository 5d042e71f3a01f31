namespace MbpoML.Mujoco.Tests;

/// <summary>What a control step of the reference gave.</summary>
internal sealed record ReferenceResult(double[] Observation, double[] Positions, double[] Velocities, double Reward, bool Terminated);
