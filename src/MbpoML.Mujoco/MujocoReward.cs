namespace MbpoML.Mujoco;

/// <summary>Gives the reward of one control step.</summary>
public delegate double MujocoReward(MujocoStep step);
