namespace MbpoML.Policies;

/// <summary>A policy learner whose actor's learning rate can decay over a fit of known length.</summary>
internal interface IDecayingActor
{
    /// <summary>Sets what the actor's learning rate is multiplied with, until the next call.</summary>
    /// <param name="factor">At least 0; 1 is the rate of the options.</param>
    void ScaleActorRate(double factor);
}
