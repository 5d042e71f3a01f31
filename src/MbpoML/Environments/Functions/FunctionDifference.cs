namespace MbpoML.Environments.Functions;

/// <summary>A real transition of which a termination or reward function says something else than the environment.</summary>
/// <param name="Row">The first such transition, from 0.</param>
/// <param name="Said">What the environment said: the reward, or 1 where the task ended.</param>
/// <param name="Function">What the function says, in the same way.</param>
/// <param name="Count">How many of the transitions that were looked at differ.</param>
internal readonly record struct FunctionDifference(long Row, double Said, double Function, long Count);
