namespace MbpoML.Dynamics.Ensemble;

/// <summary>What the networks of an ensemble are trained to do well.</summary>
public enum DynamicsLoss
{
    /// <summary>The likelihood of a normal distribution, whose mean and variance both depend on the input, as in MBPO and PETS.</summary>
    GaussianLikelihood,

    /// <summary>
    /// The mean squared error, as in ME-TRPO: deterministic networks, whose draws have no noise. The standard deviation that they state is that of their errors
    /// on the held-out rows, one for each output.
    /// </summary>
    SquaredError,
}
