namespace MbpoML.Dynamics.Ensemble;

/// <summary>What the networks of a dynamics model are trained to predict beside the reward. The model's face is the same either way.</summary>
public enum DynamicsTarget
{
    /// <summary>The change of the observation, as in the official MBPO code: best where one step changes little.</summary>
    Delta,

    /// <summary>
    /// The next observation itself. Together with target normalisation it helps where changes and rewards differ much in scale (arXiv:2510.01457).
    /// </summary>
    NextObservation,
}
