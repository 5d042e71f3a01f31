namespace MbpoML.Dynamics.Latent;

/// <summary>What a recurrent state-space model needs for acting, as arrays: dense weights [in, out], filters [out, in, height, width].</summary>
/// <param name="Encoder">The convolutions.</param>
/// <param name="State">Weights of s before the memory.</param>
/// <param name="Action">Weights of the action there, and the bias.</param>
/// <param name="Unit">The recurrent unit's: see <see cref="GatedRecurrentUnit.ToArrays"/>.</param>
/// <param name="Prior">The hidden layer of the prior.</param>
/// <param name="PriorHead">Its means and deviations.</param>
/// <param name="Memory">Weights of h in the posterior.</param>
/// <param name="Embedding">Weights of e there, and the bias.</param>
/// <param name="PosteriorHead">Its means and deviations.</param>
/// <param name="Reward">The layers of the reward.</param>
internal sealed record RecurrentStateSpaceArrays(
    IReadOnlyList<(float[] Weights, float[] Biases)> Encoder,
    float[] State,
    (float[] Weights, float[] Biases) Action,
    (float[] Input, float[] Bias, float[] Gates, float[] Candidate) Unit,
    (float[] Weights, float[] Biases) Prior,
    (float[] Weights, float[] Biases) PriorHead,
    float[] Memory,
    (float[] Weights, float[] Biases) Embedding,
    (float[] Weights, float[] Biases) PosteriorHead,
    IReadOnlyList<(float[] Weights, float[] Biases)> Reward);
