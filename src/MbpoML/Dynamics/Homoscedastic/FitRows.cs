using static TorchSharp.torch;

namespace MbpoML.Dynamics.Homoscedastic;

/// <summary>The transitions of a fit as the members learn them.</summary>
/// <param name="Inputs">Observations and actions, standardised, on the model's device, without gaps: [rows, observation + action]</param>
/// <param name="Targets">Rewards and changes of the observation, normalised, likewise: [rows, 1 + observation]</param>
/// <param name="Hashes">A word that belongs to each row: [rows]</param>
/// <param name="Training">The numbers of the rows that are trained on.</param>
/// <param name="HeldOut">The numbers of the rows that are held out, the newest last.</param>
internal sealed record FitRows(Tensor Inputs, Tensor Targets, ulong[] Hashes, int[] Training, int[] HeldOut);
