using MbpoML.Numerics.Random;

namespace MbpoML.Mujoco;

/// <summary>Writes where an episode starts.</summary>
/// <param name="random">The episode's random numbers, from its seed.</param>
/// <param name="positions">The start of the model, or of <see cref="CustomMujocoEnvironment.Options.Keyframe"/>, to be changed:
/// [<see cref="MujocoModel.PositionSize"/>]</param>
/// <param name="velocities">Zero, or the keyframe's, to be changed: [<see cref="MujocoModel.VelocitySize"/>]</param>
public delegate void MujocoStart(RandomSource random, Span<double> positions, Span<double> velocities);
