using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;

namespace MbpoML.Policies.SoftActorCritic.Fused;

/// <summary>A block of the actor's rows: views that share the memory of the whole.</summary>
/// <param name="Start">Where the block begins.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Observation">[rows, observation]</param>
/// <param name="Input">[rows, observation + action]: where the drawn actions go.</param>
/// <param name="Pass">The pass of these rows through the actor, whose output is [rows, 2·action].</param>
internal sealed record ActorBlock(int Start, int Rows, Matrix Observation, Matrix Input, NetworkPass Pass);
