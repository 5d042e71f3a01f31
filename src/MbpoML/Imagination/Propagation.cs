namespace MbpoML.Imagination;

/// <summary>Which member of an ensemble imagines the steps of a rollout (Chua et al., NeurIPS 2018, section 4.1).</summary>
public enum Propagation
{
    /// <summary>What the model draws: for an ensemble another member at each step and row ("TS1"), as in MBPO.</summary>
    MemberEachStep,

    /// <summary>One member for the whole rollout of a row ("TS-infinity"). Needs an ensemble.</summary>
    MemberEachRollout,

    /// <summary>The mean of the members' means, without any draw. Needs an ensemble.</summary>
    Mean,
}
