namespace MbpoML.Environments.Functions;

/// <summary>A termination or reward function that is known to differ from its environment, so that nobody compares them.</summary>
internal interface IApproximateFunction;
