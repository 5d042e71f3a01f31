namespace MbpoML.Mujoco;

/// <summary>Gives the reward of one control step.</summary>
/// <param name="step">The step that is rewarded; valid only during the call.</param>
public delegate double MujocoReward(MujocoStep step);
