using static TorchSharp.torch;

namespace MbpoML.Policies.OnPolicy;

/// <summary>What an update of the policy is made from.</summary>
/// <param name="Observations">x, [rows, n], in the scale that the networks see</param>
/// <param name="Actions">u, [rows, m], before the tanh</param>
/// <param name="Steps">The number of each row's step within its episode.</param>
/// <param name="Advantages">Standardised, [rows]</param>
/// <param name="Returns">Discounted sums of the rewards that follow each row.</param>
/// <param name="Targets">What the values of the rows were found to be by the advantages: A + V.</param>
internal sealed record OnPolicyBatch(Tensor Observations, Tensor Actions, int[] Steps, Tensor Advantages, double[] Returns, double[] Targets);
